/** The request asks for what can't be: for the user to mend. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}
