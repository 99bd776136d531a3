import { execFileSync } from 'node:child_process'
import { chmod, mkdir, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../modules/operator/contract.ts'
import { type World, codeOf, createWorld } from './world.ts'

interface Committing {
  readonly author?: string
  readonly date?: string
  readonly message: string
  readonly files?: { readonly [path: string]: string }
}

function git(world: World, args: readonly string[], environment: { readonly [name: string]: string } = {}): string {
  return execFileSync('git', args, {
    cwd: world.cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: world.cwd, GIT_CONFIG_NOSYSTEM: '1', ...environment },
  })
}

async function commit(
  world: World,
  { author = 'Ines Ferreira', date = '2024-01-10T09:00:00+0200', message, files = {} }: Committing,
) {
  for (const [path, content] of Object.entries(files)) await world.write(path, content)
  git(world, ['add', '-A'])
  const email = `${author.split(' ')[0]?.toLowerCase()}@example.org`
  git(world, ['commit', '-q', '--allow-empty', '-m', message], {
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  })
}

async function garden(): Promise<World> {
  const world = createWorld()
  await world.write('README', 'garden planner\n')
  git(world, ['init', '-q', '-b', 'trunk'])
  await commit(world, { message: 'start the garden planner', files: { 'planner.txt': 'beds: 4\n' } })
  await commit(world, {
    message: 'add watering schedule',
    date: '2024-02-03T09:00:00Z',
    files: { 'schedule.txt': 'mon: bed 1\ntue: bed 2\n' },
  })
  git(world, ['branch', 'feature/greenhouse'])
  git(world, ['tag', 'v0.2'])
  await commit(world, {
    message: 'fix frost warning\n\nwith a body',
    author: 'Jonas Weber',
    date: '2024-03-15T09:00:00Z',
    files: { 'docs/frost.txt': 'cold\n' },
  })
  return world
}

const text = async (world: World, name: string, args: { readonly [name: string]: Json } = {}) =>
  (await world.run(name, args)).text

describe('git.status', () => {
  it('agrees with git about every kind of change', async () => {
    const world = await garden()
    await world.write('.gitignore', '*.log\n/build/\n!keep.log\n')
    await world.write('gone.txt', 'x\n')
    await world.write('run.sh', 'x\n')
    await commit(world, { message: 'more' })
    await world.write('schedule.txt', 'mon: bed 1\ntue: bed 4\n', { ageMs: 5000 })
    await world.write('new.txt', 'n\n')
    git(world, ['add', 'new.txt'])
    await unlink(join(world.cwd, 'gone.txt'))
    await chmod(join(world.cwd, 'run.sh'), 0o755)
    await world.write('noise.log', 'x')
    await world.write('keep.log', 'x')
    await world.write('build/out.js', 'x')
    await world.write('notes/a.txt', 'x')
    await world.write('docs/more.txt', 'x')
    const { data } = await world.run('git.status', {})
    expect(data).toMatchObject({
      branch: 'trunk',
      staged: ['new.txt'],
      modified: ['run.sh', 'schedule.txt'],
      deleted: ['gone.txt'],
      untracked: ['docs/more.txt', 'keep.log', 'notes/'],
      clean: false,
    })
    expect(git(world, ['status', '--porcelain']).split('\n').toSorted().filter(Boolean)).toEqual([
      ' D gone.txt',
      ' M run.sh',
      ' M schedule.txt',
      '?? docs/more.txt',
      '?? keep.log',
      '?? notes/',
      'A  new.txt',
    ])
    expect(await text(world, 'git.status', { only: 'untracked' })).toBe('docs/more.txt\nkeep.log\nnotes/')
    expect(await text(world, 'git.status', { only: 'modified' })).toBe(
      'deleted: gone.txt\nadded: new.txt\nmodified: run.sh\nmodified: schedule.txt',
    )
    expect(await text(world, 'git.status', { only: 'staged' })).toBe('added: new.txt')
  })

  it('says that all is committed, and knows touched files for unchanged', async () => {
    const world = await garden()
    await world.write('README', 'garden planner\n', { ageMs: 5000 })
    expect(await text(world, 'git.status')).toBe('on branch trunk\nnothing to commit, working tree clean')
  })

  it('sees a change of the same size in the same second', async () => {
    const world = await garden()
    await world.write('README', 'garden planneR\n', { ageMs: 0 })
    expect((await world.run('git.status', {})).data['modified']).toEqual(['README'])
  })

  it('knows links, and line ends that git converts', async () => {
    const world = await garden()
    await symlink('README', join(world.cwd, 'link'))
    git(world, ['config', 'core.autocrlf', 'true'])
    await commit(world, { message: 'links', files: { 'win.txt': 'one\r\ntwo\r\n' } })
    await world.write('win.txt', 'one\r\ntwo\r\n', { ageMs: 1000 })
    expect((await world.run('git.status', {})).data['clean']).toBe(true)
    expect(await text(world, 'git.diff')).toBe('no changes since the last commit')
  })

  it('works before the first commit, and where HEAD is detached', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x')
    git(world, ['init', '-q', '-b', 'main'])
    git(world, ['add', 'a.txt'])
    expect(await text(world, 'git.status')).toBe('on branch main, no commits yet\nstaged:\n  added: a.txt')
    expect(await codeOf(world.run('git.log', {}))).toBe('NO_COMMITS')
    const other = await garden()
    git(other, ['checkout', '-q', 'v0.2'])
    expect(await text(other, 'git.branches', { answer: 'current' })).toMatch(
      /^no branch: HEAD is detached at [0-9a-f]{7}$/,
    )
  })

  it('says that there is no repository, and does not look above the granted folder', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x')
    git(world, ['init', '-q', '..'])
    expect(await codeOf(world.run('git.status', {}))).toBe('NO_REPOSITORY')
  })

  it('is found from a folder below', async () => {
    const world = await garden()
    expect(await text(world, 'git.branches', { root: 'docs', answer: 'current' })).toBe('on branch trunk')
    expect(await world.touches('git.status', { root: 'docs' })).toEqual(['git read .'])
  })

  it('tells the commits that changed a folder below its top', async () => {
    const world = await garden()
    expect(await text(world, 'git.log', { root: 'docs', fields: 'line' })).toMatch(/^\w{7}  fix frost warning$/)
    expect(await text(world, 'git.count', { root: 'docs' })).toBe('1 commit')
    expect(await text(world, 'git.count', { root: '.' })).toBe(await text(world, 'git.count', {}))
  })
})

describe('git.log and its kin', () => {
  it('shows commits, newest first, with the time of the author', async () => {
    const world = await garden()
    const { text: shown, data } = await world.run('git.log', { limit: 1 })
    expect(shown).toMatch(/^[0-9a-f]{7} {2}2024-03-15 09:00:00 \+0000 {2}Jonas Weber\n {4}fix frost warning$/)
    expect(data).toMatchObject({ count: 1, author: 'Jonas Weber' })
    expect(await text(world, 'git.log', { order: 'oldest', limit: 1, fields: 'date' })).toBe(
      '2024-01-10 09:00:00 +0200',
    )
    expect(await text(world, 'git.log', { limit: 1, fields: 'author' })).toBe('Jonas Weber <jonas@example.org>')
    expect(await text(world, 'git.log', { limit: 1, fields: 'message' })).toBe('fix frost warning\n\nwith a body')
    expect(await text(world, 'git.log', { limit: 1, fields: 'files' })).toBe('docs/frost.txt')
  })

  it('filters by author, message, path and age', async () => {
    const world = await garden()
    const messages = async (args: { readonly [name: string]: Json }) =>
      ((await world.run('git.log', args)).data['commits'] as { message: string }[]).map(
        ({ message }) => message.split('\n')[0],
      )
    expect(await messages({ author: 'ines' })).toEqual(['add watering schedule', 'start the garden planner'])
    expect(await messages({ message: 'Frost' })).toEqual(['fix frost warning'])
    expect(await text(world, 'git.log', { message: 'hail' })).toBe('no commits with “hail” in the message found')
    expect(await messages({ path: 'schedule.txt' })).toEqual(['add watering schedule'])
    expect(await messages({ path: 'docs' })).toEqual(['fix frost warning'])
    expect(await messages({ since_ms: 1000 })).toEqual([])
    expect(await text(world, 'git.log', { author: 'Nobody' })).toBe('no commits by Nobody found')
  })

  it('counts commits and authors, across merges', async () => {
    const world = await garden()
    git(world, ['checkout', '-q', 'feature/greenhouse'])
    await commit(world, { message: 'side', date: '2024-03-20T09:00:00Z', files: { 'side.txt': 's\n' } })
    git(world, ['checkout', '-q', 'trunk'])
    git(world, ['merge', '-q', '--no-ff', '-m', 'merge', 'feature/greenhouse'], {
      GIT_AUTHOR_NAME: 'Ines Ferreira',
      GIT_AUTHOR_EMAIL: 'i@x',
      GIT_COMMITTER_NAME: 'I',
      GIT_COMMITTER_EMAIL: 'i@x',
    })
    expect(await text(world, 'git.count')).toBe('5 commits')
    expect(await text(world, 'git.count', { author: 'Jonas' })).toBe('1 commit by Jonas')
    expect(await text(world, 'git.authors')).toBe('2 authors:\nInes Ferreira  4 commits\nJonas Weber    1 commit')
  })

  it('reads packed objects and packed branches', async () => {
    const world = await garden()
    git(world, ['gc', '-q', '--aggressive'])
    git(world, ['pack-refs', '--all'])
    expect(await text(world, 'git.count')).toBe('3 commits')
    expect(await text(world, 'git.branches')).toBe('feature/greenhouse\ntrunk (current)')
    expect(await text(world, 'git.branches', { answer: 'count' })).toBe('2 branches')
    expect(await text(world, 'git.tags')).toBe('v0.2')
    expect((await world.run('git.status', {})).data['clean']).toBe(true)
  })

  it('reads shallow clones, linked worktrees and submodule-like folders', async () => {
    const world = await garden()
    git(world, ['worktree', 'add', '-q', 'side', 'feature/greenhouse'])
    expect(await text(world, 'git.branches', { root: 'side', answer: 'current' })).toBe('on branch feature/greenhouse')
    expect(await text(world, 'git.count', { root: 'side' })).toBe('2 commits')
    expect((await world.run('git.status', { root: 'side' })).data['clean']).toBe(true)
    git(world, ['clone', '-q', '--depth', '2', `file://${world.cwd}`, 'shallow'])
    expect(await text(world, 'git.count', { root: 'shallow' })).toBe('2 commits')
  })

  it('hides passwords in the addresses of remotes', async () => {
    const world = await garden()
    git(world, ['remote', 'add', 'origin', 'https://ines:hunter2@example.org/garden.git'])
    expect(await text(world, 'git.remotes')).toBe('origin  https://example.org/garden.git')
  })

  it('says that a damaged repository cannot be read', async () => {
    const world = await garden()
    await rm(join(world.cwd, '.git/objects'), { recursive: true })
    await mkdir(join(world.cwd, '.git/objects'))
    expect(await codeOf(world.run('git.log', {}))).toBe('REPOSITORY_UNREADABLE')
    await writeFile(join(world.cwd, '.git/index'), 'nonsense')
    expect(await codeOf(world.run('git.status', {}))).toBe('REPOSITORY_UNREADABLE')
  })
})

describe('git.diff', () => {
  it('shows lines and numbers against the last commit', async () => {
    const world = await garden()
    await world.write('schedule.txt', 'mon: bed 1\ntue: bed 4\nthu: rest\n')
    await world.write('README', 'garden planner\nmore\n')
    expect(await text(world, 'git.diff', { path: 'schedule.txt' })).toBe(
      '--- a/schedule.txt\n+++ b/schedule.txt\n@@ -1,2 +1,3 @@\n mon: bed 1\n-tue: bed 2\n+tue: bed 4\n+thu: rest',
    )
    expect(await text(world, 'git.diff', { statistics: true })).toBe(
      'README | +1 -0\nschedule.txt | +2 -1\n2 files changed, 3 insertions(+), 1 deletion(-)',
    )
    expect(git(world, ['diff', '--shortstat', 'HEAD']).trim()).toBe('2 files changed, 3 insertions(+), 1 deletion(-)')
  })

  it('shows new and deleted files, and keeps private ones to itself', async () => {
    const world = await garden()
    await commit(world, { message: 'key', files: { 'server.key': 'old secret\n' } })
    await world.write('server.key', 'new secret\n')
    await world.write('added.txt', 'new\n')
    git(world, ['add', 'added.txt'])
    await unlink(join(world.cwd, 'README'))
    const shown = await text(world, 'git.diff')
    expect(shown).toContain('--- /dev/null\n+++ b/added.txt')
    expect(shown).toContain('--- a/README\n+++ /dev/null')
    expect(shown).not.toContain('secret')
  })
})

describe('a hostile repository', () => {
  it('runs nothing that its configuration names', async () => {
    const world = await garden()
    const trap = join(world.cwd, 'trap.sh')
    const sprung = join(world.cwd, '..', 'sprung')
    await writeFile(trap, `#!/bin/sh\necho "$0 $*" >> ${sprung}\ncat\n`)
    await chmod(trap, 0o755)
    await world.write('.gitattributes', '* filter=evil diff=evil merge=evil text=auto\n')
    await commit(world, { message: 'attributes' })
    for (const [key, value] of [
      ['core.fsmonitor', trap],
      ['core.hooksPath', join(world.cwd, 'hooks')],
      ['core.sshCommand', trap],
      ['core.pager', trap],
      ['core.editor', trap],
      ['core.askPass', trap],
      ['filter.evil.clean', trap],
      ['filter.evil.smudge', trap],
      ['filter.evil.process', trap],
      ['filter.evil.required', 'true'],
      ['diff.evil.textconv', trap],
      ['diff.evil.command', trap],
      ['diff.external', trap],
      ['gpg.program', trap],
      ['log.showSignature', 'true'],
      ['credential.helper', `!${trap}`],
      ['alias.status', `!${trap}`],
    ] as const) {
      git(world, ['config', '--local', key, value])
    }
    await mkdir(join(world.cwd, 'hooks'))
    for (const hook of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction'])
      await symlink(trap, join(world.cwd, 'hooks', hook))
    await rm(sprung, { force: true })
    await world.write('schedule.txt', 'changed\n')
    for (const name of [
      'git.status',
      'git.log',
      'git.diff',
      'git.branches',
      'git.tags',
      'git.authors',
      'git.count',
      'git.remotes',
    ]) {
      await world.run(name, {})
    }
    expect(await world.exists('../sprung')).toBe(false)
    // the trap is a good one: git itself falls into it.
    try {
      git(world, ['status'])
    } catch {
      // what git says about it does not matter here.
    }
    expect(await world.exists('../sprung')).toBe(true)
  })

  it('changes nothing in the repository', async () => {
    const world = await garden()
    await world.write('README', 'garden planner\n', { ageMs: 2000 })
    const listing = () => execFileSync('find', ['.git', '-printf', '%p %T@ %s\n'], { cwd: world.cwd, encoding: 'utf8' })
    const before = listing()
    await world.run('git.status', {})
    await world.run('git.diff', {})
    await world.run('git.log', {})
    expect(listing()).toBe(before)
  })

  it('does not read through links that lead out of the granted folder', async () => {
    const world = await garden()
    await unlink(join(world.cwd, '.git/HEAD'))
    await symlink('/etc/passwd', join(world.cwd, '.git/HEAD'))
    expect(await codeOf(world.run('git.branches', {}))).toBe('PATH_OUTSIDE')
    const other = createWorld()
    await other.write('.git', 'gitdir: /etc\n')
    expect(await codeOf(other.run('git.status', {}))).toBe('NO_REPOSITORY')
  })
})
