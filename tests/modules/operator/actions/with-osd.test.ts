import { mkdirSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Json } from '../../../../modules/operator/contract.ts'
import { openSession, planOf, startOsd, temporaryFolder } from '../support/osd.ts'

it('changes files through the real operator, each kind of change once', async () => {
  using folder = temporaryFolder()
  const home = join(folder.path, 'home')
  const cwd = join(folder.path, 'work')
  mkdirSync(home, { recursive: true })
  await mkdir(join(cwd, 'letters'), { recursive: true })
  await writeFile(join(cwd, 'letters/a.txt'), 'letter a\n')
  await writeFile(join(cwd, 'names.txt'), 'zoe\nadam\nzoe\n')
  await using osd = await startOsd(home)
  await using session = await openSession(osd, cwd)
  const run = async (action: string, args: { readonly [name: string]: Json }) => {
    const outcome = await session.submit(planOf({ action, args }), { answer: 'yes', by: 'person' })
    return [outcome.status, outcome.steps[0]?.text, outcome.reason].filter((one) => one !== undefined && one !== '')
  }
  const done = async (action: string, args: { readonly [name: string]: Json }) => {
    const [status, ...rest] = await run(action, args)
    expect([action, status, ...(status === 'completed' ? [] : rest)]).toEqual([action, 'completed'])
  }
  await done('files.create', { path: 'new/deep/x.txt', text: 'x' })
  await done('files.write', { path: 'new/deep/x.txt', text: 'y' })
  await done('files.append', { path: 'new/deep/x.txt', text: 'z' })
  await done('files.insert', { path: 'new/deep/x.txt', line: 1, text: 'w' })
  await done('files.replace', { path: 'new/deep/x.txt', find: 'z', replace: 'q' })
  await done('files.delete_lines', { path: 'new/deep/x.txt', containing: 'y' })
  await done('files.transform', { path: 'names.txt', to: 'sorted.txt', operation: 'sort', unique: true })
  await done('files.make_folder', { paths: ['p/q', 'r'] })
  await done('files.copy', { from: 'letters', to: 'p' })
  await done('files.move', { from: ['sorted.txt', 'p/letters/a.txt'], to: 'r' })
  await done('files.set_mode', { path: 'r/a.txt', mode: '600' })
  await done('archive.create', { sources: ['letters', 'r'], to: 'out/all.tar.gz' })
  await done('archive.create', { sources: ['letters', 'r'], to: 'all.zip' })
  await done('archive.extract', { path: 'out/all.tar.gz', to: 'back/tar' })
  await done('archive.extract', { path: 'all.zip', to: 'back/zip' })
  await done('files.copy_matching', {
    query: { root: 'back', extensions: ['txt'], name_contains: 'sorted', limit: 1 },
    to: 'picked',
  })
  await done('files.delete_matching', { query: { root: 'back', name_equals: 'a.txt' } })
  await done('files.delete', { paths: ['names.txt', 'out'] })
  expect(await readFile(join(cwd, 'new/deep/x.txt'), 'utf8')).toBe('w\nq\n')
  expect(await readFile(join(cwd, 'picked/sorted.txt'), 'utf8')).toBe('adam\nzoe\n')
  expect((await readdir(cwd)).toSorted()).toEqual(['all.zip', 'back', 'letters', 'new', 'p', 'picked', 'r'])
})
