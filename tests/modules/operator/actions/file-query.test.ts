import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../modules/operator/contract.ts'
import { type World, codeOf, createWorld } from './world.ts'

const day = 86_400_000

async function find(
  world: World,
  query: { readonly [name: string]: Json },
  rest: { readonly [name: string]: Json } = {},
) {
  return (await world.run('files.find', { query, ...rest })).text
}

describe('files.find', () => {
  it('finds by extension, name and place', async () => {
    const world = createWorld()
    await world.write('README.md', 'x')
    await world.write('docs/guide.md', 'x')
    await world.write('src/main.test.js', 'x')
    await world.write('src/.hidden.md', 'x')
    await world.write('.git/config.md', 'x')
    expect(await find(world, { extensions: ['md'] })).toBe('docs/guide.md\nREADME.md')
    expect(await find(world, { name_contains: 'TEST' })).toBe('src/main.test.js')
    expect(await find(world, { name_equals: 'guide.md' })).toBe('docs/guide.md')
    expect(await find(world, { extensions: ['md'], recursive: false })).toBe('README.md')
    expect(await find(world, { root: 'docs' })).toBe('docs/guide.md')
    expect(await find(world, { glob: '*.js' })).toBe('src/main.test.js')
    expect(await find(world, { glob: 'src/*' })).toBe('src/main.test.js')
    expect(await find(world, { name_starts: '.' })).toBe('src/.hidden.md')
    expect(await find(world, { hidden: true, extensions: ['md'] }, { answer: 'count' })).toBe('3 .md files')
  })

  it('finds by size and age, strictly', async () => {
    const world = createWorld()
    await world.write('exact.bin', Buffer.alloc(1000))
    await world.write('large.bin', Buffer.alloc(1001), { ageMs: 40 * day })
    await world.write('empty.log', '', { ageMs: 26 * 3_600_000 })
    expect(await find(world, { larger_than: 1000 })).toBe('large.bin  1.0 KB')
    expect(await find(world, { smaller_than: 1000 })).toBe('empty.log  0 bytes')
    expect(await find(world, { empty: true })).toBe('empty.log')
    expect(await find(world, { modified_within_ms: day })).toBe('exact.bin')
    expect(await find(world, { older_than_ms: 30 * day })).toBe('large.bin')
  })

  it('finds empty folders, executables and files without an extension', async () => {
    const world = createWorld()
    await world.folder('assets')
    await world.write('bin/launch', 'x', { mode: 0o755 })
    expect(await find(world, { kind: 'folder', empty: true })).toBe('assets/')
    expect(await find(world, { executable: true })).toBe('bin/launch')
    expect(await find(world, { extensions: [''] })).toBe('bin/launch')
  })

  it('finds by content, with and without case and in whole words', async () => {
    const world = createWorld()
    await world.write('a.txt', 'first\ncomputeTide here\n')
    await world.write('b.txt', 'compute\n')
    await world.write('c.bin', Buffer.from([0, 1, 2]))
    expect(await find(world, { contains: 'computeTide' })).toBe('a.txt')
    expect(await find(world, { contains: 'COMPUTE' })).toBe('no files found containing "COMPUTE"')
    expect(await find(world, { contains: 'COMPUTE', ignore_case: true })).toBe('a.txt\nb.txt')
    expect(await find(world, { contains: 'compute', whole_word: true })).toBe('b.txt')
    expect(await find(world, { extensions: ['txt'], except: { contains: 'first' } })).toBe('b.txt')
  })

  it('answers with the first, the count, the sum or a yes', async () => {
    const world = createWorld()
    await world.write('small.bin', Buffer.alloc(10))
    await world.write('large.bin', Buffer.alloc(12_582_912))
    expect(await find(world, { sort: 'size' }, { answer: 'first' })).toMatch(
      /^large\.bin, 12\.6 MB \(12582912 bytes\), modified \d{4}-/,
    )
    expect(await find(world, { sort: 'size', limit: 1 })).toMatch(
      /^large\.bin, 12\.6 MB \(12582912 bytes\), modified \d{4}-/,
    )
    expect(await find(world, {}, { answer: 'count' })).toBe('2 files')
    expect(await find(world, {}, { answer: 'size' })).toBe('12.6 MB (12582922 bytes) in 2 files')
    expect(await find(world, { extensions: ['css'] }, { answer: 'any' })).toBe('no, there are no .css files')
    expect(await find(world, { sort: 'modified', order: 'ascending' }, { answer: 'first' })).toMatch(
      /^\w+\.bin, .* bytes\)?, modified \d{4}-/,
    )
  })

  it('says what was not found', async () => {
    const world = createWorld()
    await world.folder('src')
    expect(await find(world, { name_contains: 'zebra' })).toBe('no files found with "zebra" in the name')
    expect(await find(world, { root: 'src', extensions: ['ts'], larger_than: 5000 })).toBe(
      'no .ts files found larger than 5.0 KB in src',
    )
  })

  it('does not follow links', async () => {
    const world = createWorld()
    await world.write('real/a.txt', 'x')
    await symlink('real', join(world.cwd, 'linked'))
    await symlink('/etc', join(world.cwd, 'etc'))
    expect(await find(world, { extensions: ['txt'] })).toBe('real/a.txt')
    expect(await find(world, { kind: 'link' })).toBe('etc\nlinked')
    expect(await codeOf(find(world, { root: 'etc' }))).toBe('PATH_OUTSIDE')
  })

  it('refuses patterns that would be slow', async () => {
    const world = createWorld()
    expect(await codeOf(find(world, { glob: '*a'.repeat(20) }))).toBe('QUERY_UNCLEAR')
  })

  it('finds the same as a simple filter, whatever the names and sizes', async () => {
    const world = createWorld()
    const name = fc.stringMatching(/^[a-cA-C]{1,3}(\.(txt|md|log))?$/)
    const file = fc.record({ name, size: fc.integer({ min: 0, max: 30 }), folder: fc.constantFrom('', 'p/', 'p/q/') })
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(file, { selector: (one) => `${one.folder}${one.name}`.toLowerCase(), maxLength: 8 }),
        fc.record(
          {
            extensions: fc.constantFrom(['txt'], ['md', 'log']),
            larger_than: fc.nat(30),
            name_contains: fc.constantFrom('a', 'B'),
          },
          { requiredKeys: [] },
        ),
        async (files, filters) => {
          const root = `round-${(round += 1)}`
          await world.folder(root)
          // a name may be a folder's elsewhere only in lower case: p and q are not among the letters.
          for (const one of files) await world.write(`${root}/${one.folder}${one.name}`, 'x'.repeat(one.size))
          const expected = files.filter((one) => {
            const { extensions, larger_than: larger, name_contains: part } = filters
            if (
              extensions !== undefined &&
              !extensions.some((extension) => one.name.toLowerCase().endsWith(`.${extension}`))
            )
              return false
            if (larger !== undefined && one.size <= larger) return false
            return part === undefined || one.name.toLowerCase().includes(part.toLowerCase())
          })
          const { data } = await world.run('files.find', { query: { root, ...filters } })
          expect([...(data['paths'] as string[])].toSorted()).toEqual(
            expected.map((one) => `${root}/${one.folder}${one.name}`).toSorted(),
          )
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('files.delete_matching, move_matching and copy_matching', () => {
  it('names every path to the policy', async () => {
    const world = createWorld()
    await world.write('old/a.tmp', 'x')
    await world.write('old/b.tmp', 'x')
    await world.write('old/keep.txt', 'x')
    const query = { root: 'old', extensions: ['tmp'] }
    expect(await world.touches('files.delete_matching', { query })).toEqual([
      'path remove old/a.tmp',
      'path remove old/b.tmp',
    ])
    expect((await world.run('files.delete_matching', { query })).text).toBe(
      'deleted old/a.tmp and old/b.tmp (now in the trash)',
    )
    expect(await world.exists('old/keep.txt')).toBe(true)
    expect((await world.run('files.delete_matching', { query })).text).toBe(
      'nothing was deleted: no .tmp files found in old',
    )
  })

  it('moves into a folder, made where it is missing, and leaves what is there already', async () => {
    const world = createWorld()
    await world.write('cat.png', 'x')
    await world.write('drafts/dog.png', 'y')
    await world.run('files.move_matching', { query: { extensions: ['png'] }, to: 'drafts' })
    expect(await world.exists('drafts/cat.png')).toBe(true)
    expect(await world.text('drafts/dog.png')).toBe('y')
    await world.run('files.copy_matching', { query: { root: 'drafts', extensions: ['png'] }, to: 'new/place' })
    expect(await world.exists('new/place/dog.png')).toBe(true)
  })

  it('takes a folder whole and not its parts a second time', async () => {
    const world = createWorld()
    await world.write('cache/cache/x', 'x')
    expect(await world.touches('files.delete_matching', { query: { kind: 'folder', name_equals: 'cache' } })).toEqual([
      'path remove cache',
    ])
  })
})

describe('text.search', () => {
  it('shows lines with their place, or alone where one file is searched', async () => {
    const world = createWorld()
    await world.write('src/main.js', 'a\n// TODO: read\n')
    await world.write('src/lib/parse.ts', '// TODO: refuse\n')
    await world.write('faq.md', 'nothing\n')
    const search = async (args: { readonly [name: string]: Json }) => (await world.run('text.search', args)).text
    expect(await search({ text: 'TODO' })).toBe('src/lib/parse.ts:1: // TODO: refuse\nsrc/main.js:2: // TODO: read')
    expect(await search({ text: 'TODO', root: 'src/main.js' })).toBe('// TODO: read')
    expect(await search({ text: 'todo', ignore_case: true, answer: 'count' })).toBe('2 lines with "todo" in 2 files')
    expect(await search({ text: 'TODO', answer: 'files', query: { extensions: ['ts'] } })).toBe('src/lib/parse.ts')
    expect(await search({ text: 'Saturday', root: 'faq.md' })).toBe('no lines with "Saturday" found in faq.md')
    expect(await search({ text: 'FIXME' })).toBe('no lines with "FIXME" found in this folder')
  })

  it('says why a single file cannot be searched', async () => {
    const world = createWorld()
    await world.write('x.bin', Buffer.from([0, 0, 0]))
    expect(await codeOf(world.run('text.search', { text: 'a', root: 'x.bin' }))).toBe('NOT_TEXT')
  })

  it('ends when it is cancelled', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x\n')
    const signal = AbortSignal.abort()
    await expect(world.run('text.search', { text: 'x' }, { signal })).rejects.toThrow('aborted')
  })
})
