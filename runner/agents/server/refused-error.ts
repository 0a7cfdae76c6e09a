/** A message that is refused, with the HTTP status that says how. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 426 | 507,
    message: string,
    readonly details: object = {},
  ) {
    super(message);
  }
}
