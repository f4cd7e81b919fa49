/** Where verbs write: results to stdout, everything else to stderr. */
import process from 'node:process';
import { lookOf, type Look } from './print/text';

/** Prints a result. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Prints a result as JSON; numbers that JSON lacks (a missing score) become null. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Tells the user something beside the result. */
export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

export const resultLook = (): Look => lookOf(process.stdout);
export const tellLook = (): Look => lookOf(process.stderr);
