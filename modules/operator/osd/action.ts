// what an action of lotus-osd is: typed arguments, what it touches, and a body that only works through its context.
import type { z } from 'zod'
import type { Json, Risk } from '../contract.ts'

/** something an action touches, as the policy sees it. */
export interface Resource {
  readonly kind: 'path' | 'system' | 'git' | 'tool'
  /** read, create, change, remove: what is done to it. */
  readonly access: 'read' | 'create' | 'change' | 'remove'
  /** an absolute path without links in it, or a name such as `memory`, `processes`. */
  readonly name: string
}

/** an entry of the file system, seen without following links. */
export interface Entry {
  /** as the caller named it, relative to the working folder where it lies below it. */
  readonly path: string
  readonly absolute: string
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  readonly bytes: number
  readonly modifiedMs: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly linkTarget?: string
}

export interface WalkOptions {
  /** levels below the root; default 64. */
  readonly depth?: number
  /** entries seen at most; more is TOO_MANY_ENTRIES. default 200,000. */
  readonly limit?: number
  /** names starting with a dot are left out unless true; `.git` folders are never entered. */
  readonly hidden?: boolean
}

/**
 * reading below the granted roots. paths are relative to the working folder, absolute or `~/…`; each is opened with
 * openat2 beneath its root, so neither `..` nor a link leaves it. read-protected entries are refused (READ_PROTECTED)
 * and left out of walks. every method throws a LotusError: PATH_MISSING, PATH_OUTSIDE, READ_PROTECTED, NOT_A_FILE,
 * NOT_A_FOLDER, TOO_LARGE.
 */
export interface Tree {
  /** absolute path without links, where it would be; the last part may not exist. */
  locate(path: string): Promise<string>
  /** relative to the working folder where it lies below it, for showing to a person. */
  show(absolute: string): string
  entry(path: string): Promise<Entry>
  /** undefined where nothing is there. */
  find(path: string): Promise<Entry | undefined>
  /** at most `maxBytes` (default 16 MiB), else TOO_LARGE. */
  read(path: string, options?: { maxBytes?: number }): Promise<Buffer>
  /** chunks of a file, for what must not be held in memory. */
  stream(path: string): AsyncIterable<Buffer>
  /** sorted by name. */
  list(path: string): Promise<Entry[]>
  /** depth first, sorted by name in each folder, links not followed. */
  walk(path: string, options?: WalkOptions): AsyncIterable<Entry>
}

/**
 * changing things below the granted roots. every method first writes an undo record (synced), then makes its effect
 * atomic: new content goes to a temporary file beside its target, is synced and renamed. what was there is kept as a
 * pre-image or in the trash. an action that was cut off is rolled back at the next start.
 */
export interface Changes {
  /** creates or replaces; mode and owner of a replaced file are kept. `expect: 'absent'` refuses to replace (PATH_EXISTS). */
  write(
    path: string,
    content: Buffer | AsyncIterable<Buffer>,
    options?: { expect?: 'absent' | 'present'; mode?: number; modifiedMs?: number },
  ): Promise<Entry>
  /** with its missing parents; PATH_EXISTS where something is there already. */
  makeFolder(path: string): Promise<Entry>
  /** a file, link or whole folder, with modes and times; PATH_EXISTS where `to` is there. missing parents are made. */
  copy(from: string, to: string): Promise<Entry>
  /** rename, or copy and remove across file systems; PATH_EXISTS where `to` is there. missing parents are made. */
  move(from: string, to: string): Promise<Entry>
  /** moves a file or folder into the trash. */
  trash(path: string): Promise<void>
  setMode(path: string, mode: number): Promise<Entry>
}

export interface ActionContext {
  readonly tree: Tree
  /** present only for actions whose `effect` is 'files'. */
  readonly changes: Changes
  /** absolute path of the client's working folder. */
  readonly cwd: string
  readonly home: string
  readonly uid: number
  /** the client's environment; empty for clients without a peer. */
  readonly environment: ReadonlyMap<string, string>
  readonly timeZone: string
  readonly locale: string
  readonly width: number
  /** aborted when the plan is cancelled or its time is up; check it in long loops. */
  readonly signal: AbortSignal
}

export interface ActionResult {
  /** the answer for a person; plain lines. */
  readonly text: string
  /** for later steps and programs; snake_case names. */
  readonly data: { readonly [name: string]: Json }
}

export interface ActionDefinition<Args = Record<string, Json>> {
  /** `area.verb`. */
  readonly name: string
  readonly description: string
  readonly effect: 'none' | 'files'
  readonly risk: Risk
  readonly undoable: boolean
  readonly timeoutMs: number
  readonly input: z.ZodType<Args>
  /** what it will touch, with paths through `tree.locate`; runs before the decision, changes nothing. */
  resources(args: Args, context: Pick<ActionContext, 'tree' | 'cwd' | 'signal'>): Promise<Resource[]>
  run(args: Args, context: ActionContext): Promise<ActionResult>
}

/** declares an action; one file a group of actions, collected in actions/index.ts. */
export function defineAction<Schema extends z.ZodType>(
  definition: Omit<ActionDefinition<z.output<Schema>>, 'input'> & { input: Schema },
): ActionDefinition {
  return Object.freeze(definition) as unknown as ActionDefinition
}
