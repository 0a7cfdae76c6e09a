import type { Schedule } from './schedule.js';

/** The base learning rate in every epoch. */
export const constant: Schedule = ({ base }) => base;
