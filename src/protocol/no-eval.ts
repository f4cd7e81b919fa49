/**
 * Imported first by every panel: zod compiles validators with `new Function` where it may, and the panels' policy
 * forbids even the attempt (the browser reports each one). Validators are interpreted there instead.
 */
import { config } from 'zod';

config({ jitless: true });
