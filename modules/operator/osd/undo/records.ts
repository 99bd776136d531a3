// what osd writes down before it changes anything: one row a change, so that each can be taken back or found undone.

/** what a file was or became; enough to tell whether somebody else changed it since. */
export interface Identity {
  readonly device: string
  readonly inode: string
  readonly bytes: number
  readonly modifiedNs: string
  readonly mode: number
  /** of the content, where it was at hand while writing. */
  readonly sha256?: string
}

/** when a folder's entries last changed; given back when the change in it is taken back. */
export interface FolderTimes {
  readonly path: string
  readonly device: string
  readonly inode: string
  readonly modifiedNs: string
}

/** a name under which something is being made. */
export interface Temporary {
  readonly path: string
  /** of the folder that it is in, before it was. */
  readonly folders: readonly FolderTimes[]
}

interface ChangeBase {
  /** counts the changes of a plan, from 1. */
  readonly number: number
  readonly step: string
  readonly undoId: string
  readonly folders: readonly FolderTimes[]
}

/** a file, link or whole tree, made beside its target, is given its name, where there was nothing. */
export interface PlaceChange extends ChangeBase {
  readonly op: 'place'
  readonly path: string
  readonly temporary: string
  readonly made: { readonly device: string; readonly inode: string }
  readonly what: 'file' | 'link' | 'tree'
  /** of a tree: over everything in it; see {@link digestOfTree}. */
  readonly digest?: string
}

/** a file, made beside its target, takes the place of another, which is kept. */
export interface ReplaceChange extends ChangeBase {
  readonly op: 'replace'
  readonly path: string
  readonly temporary: string
  readonly made: { readonly device: string; readonly inode: string }
  readonly before: Identity
  /** name of the pre-image in the undo folder of the plan. */
  readonly kept: string
}

/** an empty folder is made. */
export interface FolderChange extends ChangeBase {
  readonly op: 'folder'
  readonly path: string
}

/** something gets another name: moved, or put into the trash. */
export interface RenameChange extends ChangeBase {
  readonly op: 'rename'
  readonly path: string
  readonly to: string
  readonly moved: { readonly device: string; readonly inode: string }
  readonly trash: boolean
}

/** permissions change. */
export interface ModeChange extends ChangeBase {
  readonly op: 'mode'
  readonly path: string
  readonly made: { readonly device: string; readonly inode: string }
  readonly before: number
  readonly after: number
}

export type Change = PlaceChange | ReplaceChange | FolderChange | RenameChange | ModeChange

/** the change has happened; what is there now. */
export interface Done {
  readonly number: number
  readonly after?: Identity
  /** bytes that are kept for undoing it. */
  readonly keptBytes: number
  /** the folders' times right after it. */
  readonly folders: readonly FolderTimes[]
}

export interface Begin {
  readonly planId: string
  readonly traceId: string
  readonly uid: number
  readonly goal: string
  readonly startedMs: number
  /** the granted roots below which its changes are, for undoing them from elsewhere. */
  readonly roots: readonly string[]
  readonly cwd: string
  readonly home: string
}

/** changes of another plan that this one takes back. */
export interface Undoes {
  readonly planId: string
  readonly undoIds: readonly string[]
}

/** how the plan ended; where this row is missing, the plan was cut off. */
export interface End {
  readonly status: 'completed' | 'rolled_back'
  /** what could not be taken back, in words. */
  readonly left?: readonly string[]
  /** the outcome as it was answered, to be answered again when the same goal comes again. */
  readonly outcome?: unknown
}

export type Row =
  | { readonly kind: 'begin'; readonly begin: Begin }
  /** a file or folder is about to be made under this name; it is litter when it is found later. */
  | { readonly kind: 'temporary'; readonly temporary: Temporary }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'done'; readonly done: Done }
  | { readonly kind: 'undoes'; readonly undoes: Undoes }
  | { readonly kind: 'end'; readonly end: End }

/** what a journal tells, read back. */
export interface Story {
  readonly begin: Begin
  /** temporary names and changes in their order. */
  readonly trail: readonly (Temporary | Change)[]
  readonly changes: readonly Change[]
  readonly done: ReadonlyMap<number, Done>
  readonly undoes: readonly Undoes[]
  readonly end: End | undefined
}

/** reads a journal's text; a torn last line is as if it had never been written. undefined without its first row. */
export function readStory(text: string): Story | undefined {
  let begin: Begin | undefined
  let end: End | undefined
  const undoes: Undoes[] = []
  const trail: (Temporary | Change)[] = []
  const changes: Change[] = []
  const done = new Map<number, Done>()
  const lines = text.split('\n')
  // what follows the last newline is either empty or torn.
  for (const line of lines.slice(0, -1)) {
    const row = JSON.parse(line) as Row
    if (row.kind === 'begin') begin = row.begin
    else if (row.kind === 'temporary') trail.push(row.temporary)
    else if (row.kind === 'change') {
      trail.push(row.change)
      changes.push(row.change)
    } else if (row.kind === 'done') done.set(row.done.number, row.done)
    else if (row.kind === 'undoes') undoes.push(row.undoes)
    else end = row.end
  }
  return begin === undefined ? undefined : { begin, trail, changes, done, undoes, end }
}
