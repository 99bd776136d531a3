// governance: the policy in force and its reasons, without anything being done.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openHouse } from '../operator/support/house.ts'
import { startClient, temporaryFolder } from '../operator/support/osd.ts'

describe('governance', () => {
  it('shows the rules in force and explains a decision without acting', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using house = await openHouse(folder.path)
    await using person = await startClient(house.kernel.announcements()['osd_socket'] ?? '', {
      cwd: join(folder.path, 'work'),
    })
    const { ticket } = (await person.peer.call('ticket.issue')) as { ticket: string }
    const rules = await house.governance.rules()
    expect(rules[0]).toEqual({
      name: 'protected-secrets',
      decision: 'deny',
      description: expect.any(String) as string,
      file: 'default.yaml',
    })
    expect(await house.governance.explain({ ticket, action: 'files.write', args: { path: 'x', text: '' } })).toEqual({
      decision: 'confirm',
      policy: 'change-working-folder',
      reason: `${join(folder.path, 'work/x')} would be changed; \`lotus undo\` takes it back`,
      risk: 'medium',
    })
    expect(
      await house.governance.explain({ ticket, action: 'files.delete', args: { paths: ['/etc/passwd'] } }),
    ).toMatchObject({ decision: 'deny', policy: 'system-files' })
    expect(existsSync(join(folder.path, 'work/x'))).toBe(false)
  })
})
