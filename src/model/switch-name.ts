/** Base name of the file that halts every call below its directory, wherever it lies. */
export const SWITCH_NAME = '.claude-stop';
