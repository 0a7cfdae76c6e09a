import type { Evaluation } from '../../../../trainer/contract/evaluation.js';
import { formatFixed } from '../../../text/numbers.js';

/** More classes than these make no table that can be read. */
const mostClasses = 40;
const worst = 10;
const mostPairs = 10;

/** What the best weights make of the validation images: the worst classes, what is taken for what. */
export function Confusion({ evaluation }: { evaluation: Evaluation }) {
  const { epoch, images, accuracy, top5Accuracy, loss, expectedCalibrationError, classes, confusion } =
    evaluation;
  const names = classes.map(({ name }) => name);
  const sorted = [...classes].sort((a, b) => (a.accuracy ?? 2) - (b.accuracy ?? 2));
  const pairs = confusion
    .flatMap((counts, i) =>
      counts.map((count, j) => ({ of: names[i]!, as: names[j]!, count, isWrong: i !== j })),
    )
    .filter(({ count, isWrong }) => isWrong && count > 0)
    .sort((a, b) => b.count - a.count);
  return (
    <section class="card">
      <h2>What its best weights see</h2>
      <p>
        Epoch {epoch}, {images} validation images: accuracy {formatFixed(accuracy)}, top five{' '}
        {formatFixed(top5Accuracy)}, loss {formatFixed(loss)}, calibration error{' '}
        {formatFixed(expectedCalibrationError)}
      </p>
      <div class="beside">
        <table class="settings">
          <caption>
            {sorted.length > worst ? `worst ${worst} of ${sorted.length} classes` : 'classes, worst first'}
          </caption>
          <tbody>
            {sorted.slice(0, worst).map(({ name, images: count, accuracy: own }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{formatFixed(own)}</td>
                <td class="number faint">{count} images</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table class="settings">
          <caption>
            {pairs.length > mostPairs
              ? `most frequent ${mostPairs} of ${pairs.length} confusions`
              : 'confusions'}
          </caption>
          <tbody>
            {pairs.slice(0, mostPairs).map(({ of, as, count }) => (
              <tr key={`${of} ${as}`}>
                <th scope="row">
                  {of} taken for {as}
                </th>
                <td class="number">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {classes.length > mostClasses ? (
        <p class="faint">the whole matrix of {classes.length} classes is in evaluation.json of its folder</p>
      ) : (
        <details>
          <summary>confusion matrix</summary>
          <Matrix names={names} confusion={confusion} />
        </details>
      )}
    </section>
  );
}

function Matrix({ names, confusion }: { names: readonly string[]; confusion: Evaluation['confusion'] }) {
  return (
    <div class="scrolls">
      <table class="confusion">
        <thead>
          <tr>
            <th scope="col">is \ taken for</th>
            {names.map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {confusion.map((counts, row) => {
            const total = counts.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={names[row]}>
                <th scope="row">{names[row]}</th>
                {counts.map((count, column) => {
                  const share = total === 0 ? 0 : count / total;
                  const name = row === column ? '--first' : '--red';
                  return (
                    <td
                      key={names[column]}
                      style={{
                        backgroundColor: `color-mix(in srgb, var(${name}) ${Math.round(45 * share)}%, transparent)`,
                      }}
                    >
                      {count === 0 ? '' : count}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
