/** What was asked for makes no sense. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}
