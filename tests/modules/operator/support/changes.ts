// the changes of one plan without an osd around them, on a folder of its own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createIdentifier } from '../../../../nucleus/identifiers.ts'
import { createChanges } from '../../../../modules/operator/osd/files/changes.ts'
import type { ChangeSet } from '../../../../modules/operator/osd/files/changes.ts'
import type { Reach } from '../../../../modules/operator/osd/files/reach.ts'
import { openTree } from '../../../../modules/operator/osd/files/tree.ts'
import type { OpenTree } from '../../../../modules/operator/osd/files/tree.ts'
import { takeBack } from '../../../../modules/operator/osd/plan/run.ts'
import { createJournal } from '../../../../modules/operator/osd/undo/journal.ts'
import type { Journal } from '../../../../modules/operator/osd/undo/journal.ts'

export interface Workshop {
  /** the folder that may be changed. */
  readonly work: string
  readonly state: string
  readonly reach: Reach
  readonly tree: OpenTree
  readonly changes: ChangeSet
  readonly journal: Journal
  readonly controller: AbortController
  /** takes everything back, as after a failing step. */
  rollBack(): Promise<string[]>
  close(): void
}

/** @param folder an empty folder. @param work where the changes are allowed; default `folder/work`. */
export function openWorkshop(folder: string, work = join(folder, 'work')): Workshop {
  const state = join(folder, 'state')
  for (const path of [work, state, join(state, 'undo'), join(state, 'trash')])
    mkdirSync(path, { recursive: true, mode: 0o700 })
  const reach: Reach = {
    cwd: work,
    home: folder,
    roots: [work],
    umask: 0o022,
    guarded: { state, workspace: join(state, 'workspace'), private: [join(folder, 'Private')] },
  }
  const controller = new AbortController()
  const tree = openTree(reach, controller.signal)
  const planId = createIdentifier()
  const begin = {
    planId,
    traceId: 'trace',
    uid: process.getuid?.() ?? 0,
    goal: 'test',
    startedMs: Date.now(),
    roots: [work],
    cwd: work,
    home: folder,
  }
  const journal = createJournal(join(state, 'undo'), begin)
  const changes = createChanges({
    reach,
    tree,
    journal,
    scope: { check: () => undefined },
    step: 's1',
    undoId: createIdentifier(),
    signal: controller.signal,
    trash: join(state, 'trash'),
    maxChanges: 10_000,
    maxBytes: 1024 ** 3,
  })
  return {
    work,
    state,
    reach,
    tree,
    changes,
    journal,
    controller,
    rollBack: () => takeBack(journal),
    close() {
      journal.close()
      tree.close()
    },
  }
}
