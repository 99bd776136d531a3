// the session in the README: its goals are still understood, refused or left to a model as it shows.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { interpret } from '../../modules/perception/interpret.ts'
import { previewLines } from '../../modules/operator/osd/plan/show.ts'
import { loadPolicy } from '../../modules/operator/osd/policy/load.ts'
import { tellNeedsModel, tellRefused } from '../../modules/reasoning/answer.ts'
import { createPlan } from '../../modules/reasoning/bind.ts'
import { isOpenQuestion } from '../../modules/reasoning/recall.ts'
import { loadTraces } from '../../modules/reasoning/traces/library.ts'
import { nearestTraces } from '../../modules/reasoning/nearest.ts'
import { understand } from '../../modules/reasoning/understand.ts'

const project = join(import.meta.dirname, '../..')
const page = readFileSync(join(project, 'README.md'), 'utf8')
const traces = await loadTraces(join(project, 'modules/reasoning/innate'))
const names = [
  { path: 'shopping.txt', kind: 'file' as const },
  { path: 'letter.md', kind: 'file' as const },
  { path: 'photos', kind: 'folder' as const },
  { path: 'photos/pier.jpg', kind: 'file' as const },
]

/** goals with what was answered and how they ended, by the line that the command prints about it. */
function session(): { goal: string; answer: string; ending: string }[] {
  const fences = [...page.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, block]) => block!)
  return fences.flatMap((block) =>
    block.split(/^(?=\$ )/m).flatMap((part) => {
      const goal = /^\$ lotus run "((?:[^"\\]|\\.)*)"/.exec(part)?.[1]?.replaceAll('\\"', '"')
      const [, answer, ending] =
        /^\$.*\n([^]*?)\n(innate|needs model|needs confirmation|denied|refused) · /.exec(part) ?? []
      return goal === undefined || answer === undefined || ending === undefined ? [] : [{ goal, answer, ending }]
    }),
  )
}

const intentOf = (text: string) =>
  interpret({ text, timeZone: 'UTC', locale: 'en-GB', nowMs: Date.parse('2026-11-21T10:00:00Z'), names })

async function endingOf(goal: string): Promise<string> {
  const intent = await intentOf(goal)
  if (intent.risk === 'high' || intent.risk === 'critical') return 'refused'
  return understand(intent, traces).bound.length > 0 || isOpenQuestion(intent) ? 'understood' : 'needs model'
}

describe('the session in the README', () => {
  it('has goals of every ending', () => {
    const endings = new Set(session().map(({ ending }) => ending))
    expect(endings).toEqual(new Set(['innate', 'needs model', 'needs confirmation', 'denied', 'refused']))
  })

  it('shows what becomes of its goals', async () => {
    const shown = session().map(({ goal, ending }) => [
      goal,
      /^(?:refused|needs model)$/.test(ending) ? ending : 'understood',
    ])
    const found = await Promise.all(session().map(async ({ goal }) => [goal, await endingOf(goal)]))
    expect(found).toEqual(shown)
  })

  it('says what the program says where a model is missing', async () => {
    const shown = session().filter(({ ending }) => ending === 'needs model')
    expect(shown.length).toBeGreaterThan(1)
    for (const { goal, answer } of shown) {
      const intent = await intentOf(goal)
      expect(answer).toBe(tellNeedsModel(intent, nearestTraces(intent, traces), false))
    }
  })

  it('says what the program says where it refuses', async () => {
    const shown = session().filter(({ ending }) => ending === 'refused')
    expect(shown.length).toBeGreaterThan(0)
    for (const { goal, answer } of shown) {
      const { danger } = await intentOf(goal)
      expect(answer).toBe(tellRefused(danger ?? ''))
    }
  })

  it('shows the question as the terminal does', async () => {
    const [, goal = '', asked = ''] = /asks before it does this: (.*)\n([^]*?)do it\?/.exec(page) ?? []
    const intent = await interpret({ text: goal, timeZone: 'UTC', locale: 'en-GB', nowMs: 0, names })
    const plan = createPlan(goal, understand(intent, traces).bound)
    const policy = await loadPolicy([join(project, 'config/policies')])
    const [rule] = policy.rules.filter(({ name }) => name === 'change-working-folder')
    expect(rule?.decision).toBe('confirm')
    const path = '/home/ada/harbour/letter.md'
    const decision = {
      step: 's1',
      action: plan.steps[0]!.action,
      decision: 'confirm' as const,
      policy: rule!.name,
      reason: `${path} would be changed; \`lotus undo\` takes it back`,
      risk: 'medium' as const,
      resources: [`path:${path}`],
      yesAnswers: true,
    }
    const lines = previewLines(plan, [decision], { timeZone: 'UTC', describe: () => undefined })
    expect(asked).toBe(lines.map((line) => `  ${line}\n`).join(''))
  })
})
