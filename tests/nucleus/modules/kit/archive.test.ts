// archives of modules: plain files in plain folders are taken, whatever else there is refuses the whole archive.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { pack, type Header } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { archiveLimits, readArchive } from '../../../../nucleus/modules/kit/archive.ts'
import { assertHash, describeRights, hashOf, manifestIn } from '../../../../nucleus/modules/kit/install.ts'

type Entry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer }

const manifest = JSON.stringify({ name: 'guest', version: '1.0.0', description: 'a guest', kernel: '^1' })
const good: readonly Entry[] = [
  { name: 'manifest.json', content: manifest },
  { name: 'module.ts', content: 'export default 1' },
  { name: 'rooms/', type: 'directory' },
  { name: 'rooms/one.ts', content: 'export const one = 1' },
]

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function tar(entries: readonly Entry[]): Promise<Buffer> {
  const packed = pack()
  for (const { content = '', ...header } of entries) packed.entry({ type: 'file', ...header }, content)
  packed.finalize()
  return collect(packed as AsyncIterable<Buffer>)
}

function zip(entries: readonly { name: string; content: string; mode?: number }[]): Promise<Buffer> {
  const file = new ZipFile()
  for (const { name, content, mode = 0o100644 } of entries) file.addBuffer(Buffer.from(content), name, { mode })
  file.end()
  return collect(file.outputStream as unknown as AsyncIterable<Buffer>)
}
/** the same length, so that offsets stay right. */
const renamed = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')

describe('an archive', () => {
  it.each(['tar', 'tar.gz', 'zip'])('that is a %s gives its files', async (kind) => {
    const plain = good.filter(({ type }) => type === undefined)
    const bytes =
      kind === 'zip'
        ? await zip(plain.map(({ name, content }) => ({ name, content: String(content) })))
        : await tar(good)
    const files = await readArchive(kind === 'tar.gz' ? gzipSync(bytes) : bytes)
    expect([...files.keys()].toSorted()).toEqual(['manifest.json', 'module.ts', 'rooms/one.ts'])
    expect(files.get('rooms/one.ts')?.toString()).toBe('export const one = 1')
    expect(manifestIn(files)).toMatchObject({ name: 'guest', isolation: 'process' })
  })

  it('may have one folder around everything', async () => {
    const inside = good.map((entry) => ({ ...entry, name: `guest-1.0.0/${entry.name}` }))
    expect((await readArchive(await tar(inside))).has('manifest.json')).toBe(true)
  })

  it.each<[string, Entry]>([
    ['a symbolic link', { name: 'link', type: 'symlink', linkname: '/etc/passwd' }],
    ['a hard link', { name: 'link', type: 'link', linkname: 'module.ts' }],
    ['a character device', { name: 'device', type: 'character-device' }],
    ['a block device', { name: 'device', type: 'block-device' }],
    ['a pipe', { name: 'pipe', type: 'fifo' }],
    ['a way out', { name: 'rooms/../../up.ts' }],
    ['an absolute path', { name: '/etc/cron.d/guest' }],
    ['a drive', { name: 'C:/guest.ts' }],
    ['a backslash', { name: 'rooms\\..\\up.ts' }],
    ['a hidden file', { name: '.npmrc' }],
    ['an empty part', { name: 'rooms//two.ts' }],
    ['a name with a newline', { name: 'a\nb.ts' }],
    ['a name that turns its letters round', { name: 'a\u202eb.ts' }],
    ['packages of its own', { name: 'node_modules/zod/index.js' }],
    ['the same name twice', { name: 'module.ts' }],
    ['the same name in capitals', { name: 'MODULE.ts' }],
    ['a file used as a folder', { name: 'module.ts/inside.ts' }],
    ['a folder in the place of a file', { name: 'module.ts', type: 'directory' }],
    ['a very deep path', { name: `${'a/'.repeat(archiveLimits.depth)}b.ts` }],
    ['a very long path', { name: `${'a'.repeat(90)}/${'b'.repeat(90)}/${'c'.repeat(90)}.ts` }],
  ])('with %s is refused', async (_what, entry) => {
    await expect(readArchive(await tar([...good, entry]))).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_UNSAFE' })
  })

  it('gives no path that leads out of the folder, whatever names are in it', async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', 'B', '...', '~', 'C:', '\\', '\u202e'),
      fc.string({ maxLength: 12 }),
    )
    const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'))
    await fc.assert(
      fc.asyncProperty(name, async (path) => {
        fc.pre(path !== '' && !path.includes('\0'))
        let files: ReadonlyMap<string, Buffer>
        try {
          files = await readArchive(await tar([{ name: 'manifest.json', content: manifest }, { name: path }]))
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^MODULE_ARCHIVE_(UNSAFE|DAMAGED)$/) })
          return
        }
        for (const file of files.keys()) {
          expect(join('/modules/guest', file)).toBe(`/modules/guest/${file}`)
          expect(file).toMatch(/^[\w@+][\w@+. ,()/-]*$/)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('that is a zip with a link, a way out or a wrong check sum is refused', async () => {
    const entry = { name: 'aa/aa.ts', content: 'x' }
    const linked = await zip([
      { name: 'manifest.json', content: manifest },
      { ...entry, mode: 0o120777 },
    ])
    await expect(readArchive(linked)).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_UNSAFE' })
    const plain = await zip([{ name: 'manifest.json', content: manifest }, entry])
    await expect(readArchive(renamed(plain, 'aa/aa.ts', '../aa.ts'))).rejects.toMatchObject({
      code: 'MODULE_ARCHIVE_UNSAFE',
    })
    const cut = plain.subarray(0, plain.length - 30)
    await expect(readArchive(cut)).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_DAMAGED' })
  })

  it('that unpacks to too much is refused, also where it hides that in a header', { timeout: 60_000 }, async () => {
    const zeros = Buffer.alloc(archiveLimits.total + 1)
    const bomb = gzipSync(await tar([...good, { name: 'zeros', content: zeros }]))
    expect(bomb.length).toBeLessThan(1024 * 1024)
    await expect(readArchive(bomb)).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_LARGE' })
    const header = (index: number): Entry => ({ name: `${index}.ts`, pax: { comment: 'x'.repeat(3_000_000) } })
    const headers = gzipSync(await tar(Array.from({ length: 30 }, (_, index) => header(index))))
    await expect(readArchive(headers)).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_LARGE' })
  })

  it('with too many entries is refused', async () => {
    const many = Array.from({ length: archiveLimits.entries + 1 }, (_, index) => ({ name: `file-${index}.ts` }))
    await expect(readArchive(await tar(many))).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_LARGE' })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no archive at all')],
    ['a cut tar.gz', gzipSync(Buffer.alloc(4_096, 'a')).subarray(0, 20)],
  ])('that is %s is refused', async (_what, bytes) => {
    await expect(readArchive(bytes)).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_DAMAGED' })
  })

  it('without a manifest or a module is refused', async () => {
    await expect(readArchive(await tar(good.slice(1)))).rejects.toMatchObject({ code: 'MODULE_ARCHIVE_DAMAGED' })
    const files = await readArchive(await tar(good.slice(0, 1)))
    expect(() => manifestIn(files)).toThrow('module.ts is missing')
  })
})

describe('a pinned hash', () => {
  const bytes = Buffer.from('an archive')
  const hex = createHash('sha256').update(bytes).digest('hex')
  it.each([hashOf(bytes), `sha256-${hex}`])('%s lets its archive pass', (hash) => {
    expect(() => assertHash(bytes, hash)).not.toThrow()
  })
  it('of another archive does not', () => {
    expect(() => assertHash(Buffer.from('another'), hashOf(bytes))).toThrow('is not the one')
  })
  it.each(['', 'sha256-', hex, 'sha512-abc', `sha256-${hex}0`, 'md5-abc'])('%j is none', (hash) => {
    expect(() => assertHash(bytes, hash)).toThrow('this is no hash')
  })
})

describe('what a person agrees to', () => {
  it('are the rights, the services, the events and where data is kept', async () => {
    const rights = {
      permissions: ['network', 'read:~/Music', 'process:ffmpeg'],
      requires: ['nucleus'],
      uses: ['memory@^1'],
      consumes: ['goal.completed'],
      infrastructure: ['store'],
      isolation: 'inline',
    }
    const text = JSON.stringify({ ...JSON.parse(manifest), ...rights })
    const files = await readArchive(await tar([{ name: 'manifest.json', content: text }, ...good.slice(1)]))
    expect(describeRights(manifestIn(files))).toEqual([
      'inline: runs in the process of LOTUS, with all that LOTUS may do',
      'network: connects to other machines and listens',
      'read:~/Music: reads ~/Music',
      'process:ffmpeg: runs ffmpeg, with all your rights and outside of any sandbox',
      'nucleus: loads, reloads, disables and unloads other modules',
      'asks these services: nucleus, memory@^1',
      'hears these events: goal.completed',
      'keeps data in: store',
    ])
  })
})
