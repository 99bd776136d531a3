// the policy that ships: what is allowed, asked for and denied, and that a broken policy denies.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Resource } from '../../../modules/operator/osd/action.ts'
import type { Reach } from '../../../modules/operator/osd/files/reach.ts'
import { createEvaluator } from '../../../modules/operator/osd/policy/evaluator.ts'
import type { Evaluator } from '../../../modules/operator/osd/policy/evaluator.ts'
import { resourceFacts } from '../../../modules/operator/osd/policy/facts.ts'
import type { StepFacts } from '../../../modules/operator/osd/policy/facts.ts'
import { loadPolicy } from '../../../modules/operator/osd/policy/load.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'

const shipped = resolve(import.meta.dirname, '../../../config/policies')
const reach: Reach = {
  cwd: '/home/ann/work',
  home: '/home/ann',
  roots: ['/home/ann/work', '/data/shared'],
  umask: 0o022,
  guarded: {
    state: '/home/ann/.lotus',
    workspace: '/home/ann/.lotus/workspace',
    private: ['/home/ann/Private', '/home/ann/work/diary'],
  },
}

let evaluator: Evaluator
beforeAll(async () => {
  evaluator = await loadPolicy([shipped])
})

const on = (access: Resource['access'], name: string): Resource => ({ kind: 'path', access, name })

function decide(step: Partial<Omit<StepFacts, 'resources'>> & { resources: Resource[] }): string {
  const facts = {
    action: 'files.write',
    effect: 'files',
    risk: 'low',
    undoable: true,
    changes: step.resources.length,
    ...step,
  } as const
  const { decision, policy, yesAnswers } = evaluator.decide({
    ...facts,
    resources: step.resources.map((one) => resourceFacts(one, reach)),
  })
  return `${decision}${decision === 'confirm' ? (yesAnswers ? ' (--yes)' : ' (person)') : ''} by ${policy}`
}

/** a LOTUS whose home lies in a tree of the system, such as the service of a machine, or a container. */
const inVar: Reach = {
  cwd: '/var/lib/lotus/workspace',
  home: '/var/lib/lotus',
  roots: ['/var/lib/lotus/workspace'],
  umask: 0o022,
  guarded: { state: '/var/lib/lotus', workspace: '/var/lib/lotus/workspace', private: [] },
}

describe('a home below /var', () => {
  const verdict = (access: Resource['access'], name: string): string => {
    const resources = [resourceFacts(on(access, name), inVar)]
    const files = { action: 'files.write', effect: 'files', risk: 'low', undoable: true, changes: 1 } as const
    const { decision, policy } = evaluator.decide({ ...files, resources })
    return `${decision} by ${policy}`
  }

  it('has a workspace that is people’s', () => {
    expect(verdict('read', '/var/lib/lotus/workspace/notes.txt')).toBe('allow by read-inside')
    expect(verdict('create', '/var/lib/lotus/workspace/notes.txt')).toBe('confirm by change-working-folder')
  })

  it.each(['/var/lib/lotus/config.json', '/var/lib/lotus/workspaces/x', '/var/lib/dpkg/status', '/etc/passwd'])(
    'and nothing else that is: %s',
    (path) => {
      expect(verdict('change', path)).toMatch(/^deny by /)
      expect(verdict('read', path)).toMatch(/^deny by /)
    },
  )
})

describe('reading', () => {
  const read = (...names: string[]) =>
    decide({ action: 'files.read', effect: 'none', resources: names.map((name) => on('read', name)) })

  it.each([
    ['/home/ann/work/notes.txt', 'allow by read-inside'],
    ['/home/ann/work', 'allow by read-inside'],
    ['/data/shared/plan.md', 'allow by read-inside'],
    ['/home/ann/other/notes.txt', 'deny by outside'],
    ['/home/ann', 'deny by outside'],
    ['/etc/hostname', 'deny by system-files'],
    ['/home/ann/.ssh/id_rsa', 'deny by protected-secrets'],
    ['/home/ann/work/server.key', 'deny by protected-secrets'],
    ['/home/ann/work/diary/today.txt', 'deny by protected-secrets'],
    ['/home/ann/.lotus/token', 'deny by protected-secrets'],
    ['/home/ann/work/.git/config', 'allow by read-inside'],
  ])('%s: %s', (path, verdict) => {
    expect(read(path)).toBe(verdict)
  })

  it('is denied for all where one of several is', () => {
    expect(read('/home/ann/work/a', '/home/ann/work/b', '/etc/shadow')).toBe('deny by protected-secrets')
  })

  it('of the machine’s own information is allowed', () => {
    expect(
      decide({
        action: 'system.memory',
        effect: 'none',
        resources: [{ kind: 'system', access: 'read', name: 'memory' }],
      }),
    ).toBe('allow by read-system-information')
    expect(
      decide({
        action: 'system.environment',
        effect: 'none',
        resources: [{ kind: 'system', access: 'change', name: 'memory' }],
      }),
    ).toBe('deny by no-rule')
  })
})

describe('changing', () => {
  it.each([
    ['create', '/home/ann/work/new.txt', 'confirm (--yes) by change-working-folder'],
    ['change', '/home/ann/work/old.txt', 'confirm (--yes) by change-working-folder'],
    ['remove', '/home/ann/work/old.txt', 'confirm (--yes) by change-working-folder'],
    ['create', '/data/shared/new.txt', 'confirm (person) by change-granted'],
    ['remove', '/home/ann/work', 'deny by folder-itself'],
    ['change', '/data/shared', 'deny by folder-itself'],
    ['remove', '/home/ann', 'deny by folder-itself'],
    ['remove', '/', 'deny by folder-itself'],
    ['create', '/home/ann/other/x', 'deny by outside'],
    ['change', '/etc/passwd', 'deny by system-files'],
    ['create', '/home/ann/.ssh/authorized_keys', 'deny by protected-secrets'],
    ['change', '/home/ann/work/.git/hooks/pre-commit', 'deny by protected-programs'],
    ['change', '/home/ann/work/.bashrc', 'deny by protected-programs'],
    ['remove', '/home/ann/work/diary', 'deny by protected-secrets'],
  ] as const)('%s %s: %s', (access, path, verdict) => {
    expect(decide({ resources: [on(access, path)] })).toBe(verdict)
  })

  it('what can’t be undone needs the person', () => {
    expect(decide({ undoable: false, resources: [on('change', '/home/ann/work/x')] })).toBe(
      'confirm (person) by cannot-undo',
    )
  })

  it('is reasoned about in the words of the action, not by its name', () => {
    const facts = { action: 'memory.forget_all', effect: 'tool', risk: 'high', undoable: false, changes: 0 } as const
    const resources = [resourceFacts({ kind: 'tool', access: 'change', name: 'memory.forget_all' }, reach)]
    const { reason } = evaluator.decide({ ...facts, description: 'forgets all notes for good', resources })
    expect(reason).toBe('“forgets all notes for good” could do much harm')
  })

  it('more than a hundred files needs the person; a hundred does not', () => {
    const files = Array.from({ length: 101 }, (_, index) => on('remove', `/home/ann/work/${index}`))
    expect(decide({ resources: files })).toBe('confirm (person) by many-files')
    expect(decide({ resources: files.slice(1) })).toBe('confirm (--yes) by change-working-folder')
  })

  it('nothing is allowed', () => {
    expect(decide({ resources: [] })).toBe('allow by touches-nothing')
  })
})

describe('a rule', () => {
  it('that speaks about nothing a step touches leaves it denied', () => {
    expect(
      createEvaluator([]).decide({
        action: 'x.y',
        effect: 'none',
        risk: 'none',
        undoable: true,
        changes: 0,
        resources: [],
      }),
    ).toMatchObject({ decision: 'deny', policy: 'no-rule' })
  })

  it('names itself and says why in words', () => {
    const verdict = evaluator.decide({
      action: 'files.read',
      effect: 'none',
      risk: 'none',
      undoable: true,
      changes: 0,
      resources: [resourceFacts(on('read', '/home/ann/x'), reach)],
    })
    expect(verdict.reason).toBe(
      '/home/ann/x is outside the folders that LOTUS may use here; go there first, or allow it with `lotus grant /home/ann/x`',
    )
  })
})

describe('a policy file', () => {
  const rule = {
    name: 'no-writes',
    description: 'd',
    when: { effect: ['files'] },
    decision: 'deny',
    reason: 'not here',
  }

  async function load(text: string): Promise<Evaluator> {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'mine.yaml'), text)
    return await loadPolicy([shipped, folder.path])
  }

  it('of the person can make it stricter', async () => {
    evaluator = await load(JSON.stringify({ version: 1, rules: [rule] }))
    expect(decide({ resources: [on('create', '/home/ann/work/x')] })).toBe('deny by no-writes')
    evaluator = await loadPolicy([shipped])
  })

  it('can’t make it milder', async () => {
    evaluator = await load(
      JSON.stringify({ version: 1, rules: [{ ...rule, when: { resource: { kind: ['path'] } }, decision: 'allow' }] }),
    )
    expect(decide({ resources: [on('change', '/etc/passwd')] })).toBe('deny by system-files')
    expect(decide({ resources: [on('create', '/home/ann/work/x')] })).toBe('confirm (--yes) by change-working-folder')
    evaluator = await loadPolicy([shipped])
  })

  it.each([
    ['an unknown field', JSON.stringify({ version: 1, rules: [{ ...rule, allow_all: true }] })],
    ['a misspelt condition', JSON.stringify({ version: 1, rules: [{ ...rule, when: { efect: ['files'] } }] })],
    ['an empty condition', JSON.stringify({ version: 1, rules: [{ ...rule, when: {} }] })],
    ['a duplicate key', 'version: 1\nversion: 1\nrules: []'],
    [
      'a confirm that does not say whether --yes answers',
      JSON.stringify({ version: 1, rules: [{ ...rule, decision: 'confirm' }] }),
    ],
    ['no YAML', '{{{'],
    ['a name that is taken', JSON.stringify({ version: 1, rules: [{ ...rule, name: 'outside' }] })],
    ['aliases that unfold', 'version: 1\nrules: &a [*a]'],
  ])('with %s denies everything and says where', async (_, text) => {
    const broken = await load(text)
    expect(broken.problem).toContain('mine.yaml')
    const facts = {
      action: 'system.uptime',
      effect: 'none',
      risk: 'none',
      undoable: true,
      changes: 0,
      resources: [],
    } as const
    expect(broken.decide(facts)).toMatchObject({ decision: 'deny', policy: 'policy-unreadable' })
  })

  it('that is missing denies everything', async () => {
    expect((await loadPolicy(['/nonexistent'])).problem).toContain('no policy file')
  })
})

describe('osd with a broken policy', () => {
  it('starts, denies, and says so in its health', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    mkdirSync(join(folder.path, 'work'))
    mkdirSync(join(home, 'policies'), { recursive: true })
    writeFileSync(join(home, 'policies/mine.yaml'), 'rules: [')
    await using osd = await startOsd(home)
    await using session = await openSession(osd, join(folder.path, 'work'))
    expect(await session.submit(planOf({ action: 'system.uptime', args: {} }))).toMatchObject({
      status: 'denied',
      decisions: [{ policy: 'policy-unreadable' }],
    })
    expect(await session.nucleus.call('osd.health')).toMatchObject({
      status: 'degraded',
      problems: [expect.stringContaining('mine.yaml') as string],
    })
  })

  it('explains without doing', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, join(folder.path, 'work'))
    const explain = (action: string, args: object) =>
      session.nucleus.call('policy.explain', { ticket: session.ticket.ticket, action, args })
    expect(await explain('files.create', { path: 'x' })).toMatchObject({
      decision: 'confirm',
      policy: 'change-working-folder',
      yesAnswers: true,
    })
    expect(await explain('files.read', { path: '/etc/shadow' })).toMatchObject({
      decision: 'deny',
      policy: 'protected-secrets',
    })
    expect(await explain('disk.format', {})).toMatchObject({ decision: 'deny', policy: 'unknown-action' })
  })
})
