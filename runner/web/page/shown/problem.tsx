export const Problem = ({ words }: { words: string | undefined }) =>
  words === undefined ? null : (
    <p class="problem" role="alert">
      {words}
    </p>
  );

export const Caps = ({ caps }: { caps: readonly string[] }) =>
  caps.length === 0 ? null : <p class="faint">Shown: {caps.join('; ')}</p>;
