/** What a scripted host says, as plain data that a test hands over. */
export interface Script {
  /** Answer to `subscribe`. */
  snapshot: unknown;
  /** Answers of other calls by name; what is not named answers null. */
  answers?: Record<string, unknown>;
  /** Calls that are refused, with their sentence. */
  refuse?: Record<string, string>;
  /** Calls that are answered by nobody until they are cancelled. */
  hold?: string[];
  /** Milliseconds before each image. */
  pause?: number;
  /** Version of the document; each written change raises it. */
  version: number;
}

export interface ScriptedCall {
  name: string;
  params: unknown;
  cancelled: boolean;
}
