/** What holds between a coordinator and its agents: durations, in seconds of whoever counts them, and sizes. */

export const protocolVersion = 1;

/** An agent that says nothing for so long has lost its slots. */
export const leaseSeconds = 180;
/** It says something at least this often. */
export const renewSeconds = 20;
/** A question that waits for news is answered by then: proxies cut off what takes longer. */
export const longestPollSeconds = 25;
/** After this much more without an answer a request has failed. */
export const requestSeconds = 15;

export const mostEventsOfBatch = 64;
/** Of a batch of several events; a single one may be larger. */
export const mostBytesOfBatch = 256 * 1024;
export const mostBytesOfMessage = 8 * 1024 * 1024;
export const mostBytesOfLog = 64 * 1024;
export const mostBytesOfBlob = 2 * 1024 ** 3;
/** A blob comes in parts of this size, so that a cut costs no more. */
export const bytesOfPart = 4 * 1024 * 1024;
export const mostFilesOfRun = 256;
export const mostSlotsOfAgent = 64;

/** Data sets that an agent says it has. */
export const mostDataOfAgent = 100;
