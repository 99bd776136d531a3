// the port of durable flows: code that survives the death of its process, because each step's result is kept. the
// embedded engine keeps them in SQLite, DBOS in Postgres: both pass tests/nucleus/infrastructure/conformance/flows.ts.
import type { ResourceHealth } from '../infrastructure/ports.ts'

/** what one try of a step is told. */
export interface StepAttempt {
  /**
   * names the effect of this try: `FLOW/POSITION/ATTEMPT`. a step whose process dies is tried again under the same
   * receipt, so whoever does the effect can tell that it was done already.
   */
  readonly receipt: string
  /** counts the tries within one life of the process, from 1. */
  readonly attempt: number
  /** aborted when the time is up, the flow is cancelled or its process stops. */
  readonly signal: AbortSignal
}

export interface StepOptions {
  /** how long one try may take, milliseconds. default 60,000. */
  readonly timeoutMs?: number
  /** tries before the step fails; only errors that are `retryable` are tried again. default 1. */
  readonly maxAttempts?: number
}

/**
 * what the code of a flow has instead of the world. everything that it does beyond plain computing goes through here,
 * under names that are the same in each life: a flow is run again from its start after a crash, and what was done before
 * is answered from what was kept.
 */
export interface FlowContext {
  readonly id: string
  /** aborted when the flow is cancelled or its process stops. */
  readonly signal: AbortSignal
  /**
   * does `work` and keeps its result, plain data of at most 1 MiB. at least once: a process that dies after the work
   * and before the keeping does it again, under the same receipt.
   * @throws what `work` threw, by its code; FLOW_STEP_TIMED_OUT, FLOW_NOT_DETERMINISTIC, FLOW_CANCELLED, FLOW_SUSPENDED
   */
  step<Result>(
    name: string,
    work: (attempt: StepAttempt) => Result | Promise<Result>,
    options?: StepOptions,
  ): Promise<Result>
  /** the next message under this topic, each once, in the order in which they were sent; undefined when none came in time. */
  receive<Message>(topic: string, options: { timeoutMs: number }): Promise<Message | undefined>
  /** goes on when this time is over, also where the process was not there meanwhile. */
  sleep(durationMs: number): Promise<void>
  /** milliseconds since the epoch, the same in each life. */
  now(): Promise<number>
  /** from 0 to below 1, the same in each life. */
  random(): Promise<number>
}

/** Contract: deterministic but for what goes through `flow`; gives plain data of at most 1 MiB. */
export type FlowCode<Input = never> = (flow: FlowContext, input: Input) => unknown

export type FlowStatus = 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled'

/** what is known about one flow. */
export interface FlowState {
  readonly id: string
  readonly name: string
  readonly status: FlowStatus
  /** what it gave, where it is completed. */
  readonly result?: unknown
  /** why it failed or was cancelled. */
  readonly error?: { readonly code: string; readonly message: string }
  /** the process that works on it, where one does. */
  readonly owner?: string
  /** milliseconds since the epoch. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** one kept entry of a flow. */
export interface FlowEntry {
  readonly position: number
  readonly name: string
}

export interface FlowQuery {
  readonly status?: FlowStatus
  readonly name?: string
  /** newest first; default 100, at most 1,000. */
  readonly limit?: number
}

export interface FlowStatistics {
  readonly running: number
  readonly waiting: number
  readonly failed: number
}

/** durable flows. */
export interface Flows {
  readonly backend: string
  /**
   * lets this process work on flows of a name. unfinished ones are taken up. the function that it gives takes the code
   * away again: what runs is suspended at its next step and taken up when there is code again, here or elsewhere.
   * @throws FLOW_TAKEN where this process has code under the name already
   */
  define<Input>(name: string, code: FlowCode<Input>): () => Promise<void>
  /**
   * begins a flow; a second start under the same id finds the first.
   * @throws FLOW_CONFLICT where the id belongs to a flow of another name; FLOW_VALUE_TOO_LARGE, FLOWS_CLOSED
   */
  start(name: string, id: string, input: unknown): Promise<void>
  /** how the flow ended. @throws FLOW_UNKNOWN, FLOW_STILL_RUNNING when it did not end in time */
  ended(id: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<FlowState>
  /**
   * a message for `receive`; the same `messageId` is taken once.
   * @throws FLOW_UNKNOWN, FLOW_ENDED, FLOW_BUSY where more than 1,000 messages wait
   */
  send(id: string, topic: string, message: unknown, messageId: string): Promise<void>
  /** ends a flow before its next step; false where it has ended already. @throws FLOW_UNKNOWN */
  cancel(id: string): Promise<boolean>
  state(id: string): Promise<FlowState | undefined>
  entries(id: string): Promise<FlowEntry[]>
  list(query?: FlowQuery): Promise<FlowState[]>
  /** takes up what processes that are gone have left; gives the number. where it is not called, that is done at intervals. */
  recover(): Promise<number>
  /** forgets flows that ended longer ago, and the oldest beyond a number; gives how many. */
  retain(limits: { maxAgeMs: number; maxEnded: number }): Promise<number>
  statistics(): Promise<FlowStatistics>
  /** whether anything has needed the engine yet. */
  isOpen(): boolean
  health(): ResourceHealth
  /** suspends what runs; it is taken up by whoever opens the engine next. */
  close(): Promise<void>
}
