/** The engine that was asked for, or any, isn't there or doesn't load: the machine's fault, not the run's. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
