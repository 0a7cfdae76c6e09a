/** Exit codes of a trainer process. A signal or any other code is a crash. */
export const trainerExitCodes = {
  ok: 0,
  badConfiguration: 2,
  outOfMemory: 3,
  nanLoss: 4,
  /** A condition of the machine; `EX_TEMPFAIL` of sysexits.h. */
  environment: 75,
  interrupted: 130,
} as const;
