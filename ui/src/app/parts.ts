import { findings } from '../findings/part';
import { fleet } from '../fleet/part';
import { lab } from '../lab/part';
import { live } from '../live/part';
import { prometheus, alertmanager } from '../prometheus/part';
import { snapshots } from '../snapshots/part';
import type { Part } from './part';

// All parts, in the order of the navigation.
export const parts: Part[] = [prometheus, alertmanager, fleet, findings, live, snapshots, lab];
