// what doctor makes of facts that no test can make on a machine: full disks, other kernels, other times, old Nodes.
import { describe, expect, it } from 'vitest'
import { judgeClock } from '../../../scripts/client/checks/clock.ts'
import { judgeDisk } from '../../../scripts/client/checks/disk.ts'
import { judgeNode } from '../../../scripts/client/checks/node.ts'
import { judgeLandlock, judgeOpenat2 } from '../../../scripts/client/checks/sandbox.ts'

const severities = (findings: readonly { id: string; severity: string }[]): string[] =>
  findings.map(({ id, severity }) => `${id} ${severity}`)

describe('doctor', () => {
  it('tells scarce room from none, in bytes and in names', () => {
    const [gib, mib] = [1024 ** 3, 1024 ** 2]
    const judge = (freeBytes: number, freeEntries: number, entries = 1e6): string[] =>
      severities(judgeDisk({ freeBytes, entries, freeEntries }))
    expect(judge(2 * gib, 1e5)).toEqual(['disk.space good', 'disk.entries good'])
    expect(judge(500 * mib, 9_000)).toEqual(['disk.space warning', 'disk.entries warning'])
    expect(judge(10 * mib, 10)).toEqual(['disk.space bad', 'disk.entries bad'])
    // file systems that make entries as they need them say that there are none
    expect(judge(2 * gib, 0, 0)).toEqual(['disk.space good'])
  })

  it('knows a year that cannot be, and a clock that went back', () => {
    const now = Date.parse('2026-11-25T12:00:00Z')
    expect(severities(judgeClock(Date.parse('1970-01-03'), 0))).toEqual(['clock.year bad'])
    expect(severities(judgeClock(Date.parse('2101-01-01'), 0))).toEqual(['clock.year bad'])
    expect(severities(judgeClock(now, now + 3_600_000))).toEqual(['clock.backwards warning'])
    expect(severities(judgeClock(now, now + 60_000))).toEqual(['clock.year good'])
    expect(severities(judgeClock(now, 0))).toEqual(['clock.year good'])
  })

  it('names the Node that is too old', () => {
    expect(judgeNode('22.3.0', '/opt/lotus')).toMatchObject({ severity: 'bad', command: '/opt/lotus/start_lotus.sh' })
    expect(judgeNode('26.0.0', '/opt/lotus')).toMatchObject({ severity: 'good' })
  })

  it('says what a kernel has and lacks as a fact', () => {
    expect(judgeLandlock(7)).toMatchObject({ severity: 'good', text: expect.stringContaining('7') as string })
    expect(judgeLandlock(-38)).toMatchObject({ severity: 'note' })
    expect(judgeLandlock(-95)).toMatchObject({ severity: 'note' })
    expect(judgeOpenat2(false)).toMatchObject({ severity: 'warning' })
  })
})
