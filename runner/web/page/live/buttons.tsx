import { useState } from 'preact/hooks';
import type { ControlAnswers } from '../../wire.js';
import { post } from './api.js';
import { session } from './session.js';

interface Wish {
  words: string;
  path: string;
  body?: object;
  /** Asked before it is done. */
  confirm?: string;
}

/** Buttons that have something done, and what came of the last one. Without the token there are none. */
export function Buttons({ wishes, onDone }: { wishes: readonly Wish[]; onDone(): void }) {
  const [answer, setAnswer] = useState<{ text: string; isRefused: boolean } | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  if (!session.value?.mayControl) return null;
  const wish = async ({ path, body = {}, confirm: question }: Wish) => {
    if (question !== undefined && !window.confirm(question)) return;
    setBusy(true);
    try {
      const { answers } = await post<ControlAnswers>(path, body);
      const text = answers
        .map(each => `${each.outcome === 'refused' ? 'refused: ' : ''}${each.answer}`)
        .join('; ');
      setAnswer({ text, isRefused: answers.some(each => each.outcome === 'refused') });
    } catch (error) {
      setAnswer({ text: (error as Error).message, isRefused: true });
    }
    setBusy(false);
    onDone();
  };
  return (
    <div class="buttons">
      {wishes.map(each => (
        <button key={each.words} type="button" disabled={isBusy} onClick={() => void wish(each)}>
          {each.words}
        </button>
      ))}
      <span role="status" class={answer?.isRefused ? 'refused' : 'done'}>
        {answer?.text}
      </span>
    </div>
  );
}
