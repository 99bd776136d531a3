// what the person saw before they answered: looked at when somebody asks, and looked at again before it is done.
import type { StepPreview } from '../../contract.ts'
import type { ActionContext } from '../action.ts'
import { canonicalJson, sha256 } from '../canonical.ts'
import type { Reach } from '../files/reach.ts'
import { openTree } from '../files/tree.ts'
import type { Abilities, JudgedStep } from './judge.ts'

export interface LookAhead {
  /** what the plan would change now; who asks while another look is under way gets that one. */
  look(): Promise<readonly StepPreview[]>
  /** whether the plan would still change what was last shown; true where nobody has looked. */
  stillHolds(): Promise<boolean>
}

export interface LookAheadOptions {
  readonly steps: readonly JudgedStep[]
  readonly abilities: Abilities
  readonly reach: Reach
  readonly context: Omit<ActionContext, 'changes'>
}

/** names what was shown by its content: how a difference is laid out may depend on how busy the machine is. */
function digestOf(previews: readonly StepPreview[]): string {
  const content = previews.map(({ step, changes }) => [
    step,
    changes.map(({ diff: _diff, note, ...change }) => (change.kind === 'mode' ? { ...change, note } : { ...change })),
  ])
  return sha256(canonicalJson(content))
}

export function createLookAhead({ steps, abilities, reach, context }: LookAheadOptions): LookAhead {
  let shown: string | undefined
  let looking: Promise<readonly StepPreview[]> | undefined

  async function preview(): Promise<readonly StepPreview[]> {
    const { previewPlan } = await import('../preview/preview.ts')
    const tree = openTree(reach, context.signal)
    try {
      return await previewPlan({ steps, abilities, context: { ...context, tree }, umask: reach.umask })
    } finally {
      tree.close()
    }
  }

  return {
    async look() {
      looking ??= preview().finally(() => (looking = undefined))
      const previews = await looking
      shown = digestOf(previews)
      return previews
    },
    async stillHolds() {
      return shown === undefined || digestOf(await preview()) === shown
    },
  }
}
