import { execFileSync } from 'node:child_process'
import { stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

interface TarEntry {
  readonly name: string
  readonly text?: string
  readonly type?: string
  readonly link?: string
  readonly mode?: number
}

/** a tar written by hand, so that it can hold what no honest program would write. */
function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, text = '', type = '0', link = '', mode = 0o644 }) => {
    const head = Buffer.alloc(512)
    const content = Buffer.from(text)
    head.write(name, 0, 100, 'latin1')
    head.write(`${mode.toString(8).padStart(7, '0')}\0`, 100, 'latin1')
    head.write('0000000\0', 108, 'latin1')
    head.write('0000000\0', 116, 'latin1')
    head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
    head.write('14000000000\0', 136, 'latin1')
    head.write('        ', 148, 'latin1')
    head.write(type, 156, 'latin1')
    head.write(link, 157, 100, 'latin1')
    head.write('ustar\x0000', 257, 'latin1')
    const sum = head.reduce((total, byte) => total + byte, 0)
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

interface ZipEntry {
  readonly name: string | Buffer
  readonly content?: Buffer
  readonly mode?: number
  readonly flags?: number
  readonly sum?: number
}

/** a zip written by hand. */
function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const table: Buffer[] = []
  let offset = 0
  for (const { name, content = Buffer.from('x'), mode = 0o100644, flags = 0x0800, sum } of entries) {
    const bytes = Buffer.from(name)
    const packed = deflateRawSync(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(0x58210000, 6)
    common.writeUInt32LE(sum ?? crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(bytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, bytes, packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE((mode << 16) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    table.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), common, rest, bytes]))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(table)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directory, end])
}

describe('archive.create', () => {
  it('stores a folder under its own name, readable by the usual programs', async () => {
    const world = createWorld()
    await world.write('letters/a.txt', 'letter a\n')
    await world.write('letters/ü b.txt', 'letter b\n', { mode: 0o755 })
    await world.folder('letters/empty')
    const { text, data } = await world.run('archive.create', { sources: ['letters'], to: 'letters.tar.gz' })
    expect(text).toMatch(/^packed letters into letters\.tar\.gz: 2 files, \d+ bytes$/)
    expect(data).toMatchObject({ path: 'letters.tar.gz', count: 2 })
    const listed = execFileSync('tar', ['-tzf', 'letters.tar.gz', '--quoting-style=literal'], {
      cwd: world.cwd,
      encoding: 'utf8',
    })
    expect(listed.trim().split('\n').toSorted()).toEqual([
      'letters/',
      'letters/a.txt',
      'letters/empty/',
      'letters/ü b.txt',
    ])
    await world.run('archive.create', { sources: ['letters'], to: 'letters.zip' })
    expect(execFileSync('unzip', ['-t', 'letters.zip'], { cwd: world.cwd, encoding: 'utf8' })).toContain(
      'No errors detected',
    )
  })

  it('packs several things, with names that must not clash', async () => {
    const world = createWorld()
    await world.write('a/x.txt', '1')
    await world.write('b/x.txt', '2')
    await world.write('y.txt', '3')
    await world.run('archive.create', { sources: ['a/x.txt', 'y.txt'], to: 'mix.zip' })
    expect((await world.run('archive.list', { path: 'mix.zip' })).data['names']).toEqual(['x.txt', 'y.txt'])
    expect(await codeOf(world.run('archive.create', { sources: ['a/x.txt', 'b/x.txt'], to: 'n.zip' }))).toBe(
      'NAMES_CLASH',
    )
    expect(await world.exists('n.zip')).toBe(false)
  })

  it('does not hold itself, and says what it left out', async () => {
    const world = createWorld()
    await world.write('keep.txt', 'x')
    await world.write('.git/config', 'x')
    await symlink('/etc/passwd', join(world.cwd, 'link'))
    const { text } = await world.run('archive.create', { sources: ['.'], to: 'all.tar' })
    expect(text).toMatch(/left out: 1 link and the \.git folder$/)
    expect((await world.run('archive.list', { path: 'all.tar' })).data['names']).toEqual(['work/', 'work/keep.txt'])
  })

  it('refuses what is there already, what is missing, and endings that it does not know', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x')
    await world.write('a.zip', 'x')
    expect(await codeOf(world.run('archive.create', { sources: ['a.txt'], to: 'a.zip' }))).toBe('PATH_EXISTS')
    expect(await codeOf(world.run('archive.create', { sources: ['ballads'], to: 'b.zip' }))).toBe('PATH_MISSING')
    expect(await codeOf(world.run('archive.create', { sources: ['a.txt'], to: 'a.7z' }))).toBe('ARCHIVE_KIND')
  })
})

describe('archive.extract', () => {
  it('unpacks what the usual programs pack', async () => {
    const world = createWorld()
    await world.write('src/run.sh', 'echo\n', { mode: 0o755 })
    await world.write('src/deep/ü.txt', 'text\n')
    execFileSync('tar', ['-czf', 'a.tgz', 'src'], { cwd: world.cwd })
    execFileSync('zip', ['-qr', 'a.zip', 'src'], { cwd: world.cwd })
    const { text, data } = await world.run('archive.extract', { path: 'a.tgz', to: 'from-tar' })
    expect(text).toBe('extracted 2 files (10 bytes) from a.tgz into from-tar/: src/')
    expect(data).toMatchObject({ path: 'from-tar', count: 2, made: ['from-tar/src'] })
    await world.run('archive.extract', { path: 'a.zip', to: 'from-zip' })
    for (const place of ['from-tar', 'from-zip']) {
      expect(await world.text(`${place}/src/deep/ü.txt`)).toBe('text\n')
      expect((await stat(join(world.cwd, place, 'src/run.sh'))).mode & 0o777).toBe(0o755)
    }
  })

  it('unpacks beside the archive where no place is named', async () => {
    const world = createWorld()
    await world.write('in/a.tar', tarOf([{ name: 'x.txt', text: 'x' }]))
    expect((await world.run('archive.extract', { path: 'in/a.tar' })).data['paths']).toEqual(['in/x.txt'])
  })

  it('tells the policy every path', async () => {
    const world = createWorld()
    await world.write(
      'a.tar',
      tarOf([
        { name: 'd/x.txt', text: 'x' },
        { name: 'e/', type: '5' },
      ]),
    )
    expect(await world.touches('archive.extract', { path: 'a.tar', to: 'to' })).toEqual([
      'path create to',
      'path create to/d',
      'path create to/d/x.txt',
      'path create to/e',
      'path read a.tar',
    ])
    await world.write('b.tar', tarOf([{ name: '.ssh/authorized_keys', text: 'k' }]))
    expect(await codeOf(world.touches('archive.extract', { path: 'b.tar' }))).toBe('READ_PROTECTED')
  })

  it('takes only what is asked for', async () => {
    const world = createWorld()
    await world.write(
      'a.tar',
      tarOf([
        { name: 'd/x.txt', text: 'x' },
        { name: 'd/y.txt', text: 'y' },
      ]),
    )
    expect((await world.run('archive.extract', { path: 'a.tar', only: ['d/y.txt'] })).data['paths']).toEqual([
      'd/y.txt',
    ])
    expect(await codeOf(world.run('archive.extract', { path: 'a.tar', only: ['z.txt'] }))).toBe('NOT_IN_ARCHIVE')
  })

  it('overwrites nothing, and names all that is in the way', async () => {
    const world = createWorld()
    await world.write(
      'a.tar',
      tarOf([
        { name: 'new.txt', text: 'n' },
        { name: 'a.txt', text: 'n' },
        { name: 'b.txt', text: 'n' },
      ]),
    )
    await world.write('a.txt', 'old')
    await world.write('b.txt', 'old')
    await expect(world.run('archive.extract', { path: 'a.tar' })).rejects.toThrow('a.txt and b.txt')
    expect(await world.exists('new.txt')).toBe(false)
  })

  it('reads names in code page 437', async () => {
    const world = createWorld()
    await world.write('old.zip', zipOf([{ name: Buffer.from([0x4d, 0x81, 0x6c, 0x6c]), flags: 0 }]))
    expect((await world.run('archive.extract', { path: 'old.zip' })).data['paths']).toEqual(['Müll'])
  })

  it('drops setuid and setgid', async () => {
    const world = createWorld()
    await world.write('a.tar', tarOf([{ name: 'x', text: 'x', mode: 0o6755 }]))
    await world.write('b.zip', zipOf([{ name: 'y', mode: 0o106755 }]))
    await world.run('archive.extract', { path: 'a.tar' })
    await world.run('archive.extract', { path: 'b.zip' })
    expect((await stat(join(world.cwd, 'x'))).mode & 0o7777).toBe(0o755)
    expect((await stat(join(world.cwd, 'y'))).mode & 0o7777).toBe(0o755)
  })
})

describe('hostile archives', () => {
  const hostile: readonly [string, readonly TarEntry[]][] = [
    ['a name that climbs', [{ name: '../evil', text: 'x' }]],
    ['a name that climbs later', [{ name: 'a/../../evil', text: 'x' }]],
    ['an absolute name', [{ name: '/tmp/evil', text: 'x' }]],
    ['a drive', [{ name: 'c:/evil', text: 'x' }]],
    ['a backslash', [{ name: 'a\\..\\evil', text: 'x' }]],
    ['a control character', [{ name: 'a\u001b[2Jevil', text: 'x' }]],
    ['damaged UTF-8', [{ name: 'a\u00ff', text: 'x' }]],
    ['a symbolic link', [{ name: 'link', type: '2', link: '/etc' }]],
    [
      'a link with a file behind it',
      [
        { name: 'link', type: '2', link: '/tmp' },
        { name: 'link/evil', text: 'x' },
      ],
    ],
    ['a hard link', [{ name: 'link', type: '1', link: '/etc/passwd' }]],
    ['a device', [{ name: 'dev', type: '3' }]],
    ['a pipe', [{ name: 'pipe', type: '6' }]],
    [
      'the same name twice',
      [
        { name: 'a', text: '1' },
        { name: './a', text: '2' },
      ],
    ],
    [
      'a file used as a folder',
      [
        { name: 'a', text: '1' },
        { name: 'a/b', text: '2' },
      ],
    ],
    [
      'a folder used as a file',
      [
        { name: 'a/b', text: '1' },
        { name: 'a', text: '2' },
      ],
    ],
  ]

  it.each(hostile)('refuses %s, before anything is written', async (_what, entries) => {
    const world = createWorld()
    await world.write('bad.tar', tarOf([{ name: 'fine.txt', text: 'fine' }, ...entries]))
    expect(await codeOf(world.run('archive.extract', { path: 'bad.tar', to: 'out' }))).toBe('ARCHIVE_UNSAFE')
    expect(await world.exists('out')).toBe(false)
    const { text } = await world.run('archive.list', { path: 'bad.tar' })
    expect(text).toContain('fine.txt')
    expect(text).not.toContain('\u001b')
  })

  it('refuses the same in zips', async () => {
    const world = createWorld()
    const refuse = async (name: string, entries: readonly ZipEntry[]) => {
      await world.write(`${name}.zip`, zipOf(entries))
      return codeOf(world.run('archive.extract', { path: `${name}.zip`, to: `${name}-out` }))
    }
    expect(await refuse('climbs', [{ name: '../evil' }])).toBe('ARCHIVE_UNSAFE')
    expect(await refuse('windows', [{ name: 'a\\..\\..\\evil', flags: 0 }])).toBe('ARCHIVE_UNSAFE')
    expect(await refuse('absolute', [{ name: '/evil' }])).toBe('ARCHIVE_UNSAFE')
    expect(await refuse('link', [{ name: 'link', mode: 0o120777 }])).toBe('ARCHIVE_UNSAFE')
    expect(await refuse('device', [{ name: 'device', mode: 0o020666 }])).toBe('ARCHIVE_UNSAFE')
    expect(await refuse('locked', [{ name: 'secret', flags: 0x0801 }])).toBe('ARCHIVE_LOCKED')
    expect(await refuse('wrong', [{ name: 'sum', sum: 1 }])).toBe('ARCHIVE_DAMAGED')
  })

  it('refuses what unpacks to far more than it is', async () => {
    const world = createWorld()
    const zeros = 'x'.repeat(1024 * 1024)
    await world.write(
      'bomb.tar.gz',
      gzipSync(tarOf(Array.from({ length: 80 }, (_, index) => ({ name: `f${index}`, text: zeros })))),
    )
    await world.write(
      'bomb.zip',
      zipOf(Array.from({ length: 80 }, (_, index) => ({ name: `f${index}`, content: Buffer.from(zeros) }))),
    )
    expect(await codeOf(world.run('archive.extract', { path: 'bomb.tar.gz', to: 'out' }))).toBe('ARCHIVE_TOO_LARGE')
    expect(await codeOf(world.run('archive.extract', { path: 'bomb.zip', to: 'out' }))).toBe('ARCHIVE_TOO_LARGE')
    expect(await world.exists('out')).toBe(false)
  })

  it('refuses too many entries', async () => {
    const world = createWorld()
    await world.write('many.tar', tarOf(Array.from({ length: 10_001 }, (_, index) => ({ name: `f${index}` }))))
    expect(await codeOf(world.run('archive.extract', { path: 'many.tar' }))).toBe('ARCHIVE_TOO_LARGE')
  })

  it('says that what is cut or no archive is damaged', async () => {
    const world = createWorld()
    const whole = gzipSync(tarOf([{ name: 'a', text: 'x'.repeat(5000) }]))
    await world.write('cut.tar.gz', whole.subarray(0, whole.length - 20))
    await world.write('none.zip', 'this is not a zip')
    await world.write('empty.tar', '')
    await world.write('noise.tar', Buffer.alloc(2048, 7))
    for (const path of ['cut.tar.gz', 'none.zip', 'empty.tar', 'noise.tar']) {
      expect(await codeOf(world.run('archive.extract', { path, to: 'out' }))).toBe('ARCHIVE_DAMAGED')
      expect(await world.exists('out')).toBe(false)
    }
  })

  it('never does anything but end with an error for damaged bytes', async () => {
    const world = createWorld()
    const sound = {
      tar: tarOf([
        { name: 'd/a.txt', text: 'hello' },
        { name: 'b', text: 'x'.repeat(600) },
      ]),
      zip: zipOf([{ name: 'd/a.txt' }, { name: 'b' }]),
    }
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('tar', 'zip'), fc.nat(), fc.nat(255), async (kind, position, byte) => {
        const bytes = Buffer.from(sound[kind])
        bytes[position % bytes.length] = byte
        round += 1
        await world.write(`${round}.${kind}`, bytes)
        const code = await codeOf(world.run('archive.extract', { path: `${round}.${kind}`, to: `out-${round}` }))
        expect(code).toMatch(/^(no error|ARCHIVE_[A-Z]+)$/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('packing and unpacking', () => {
  it('gives back what was there, whatever the names, modes and content', async () => {
    const world = createWorld()
    const name = fc
      .stringMatching(/^[a-zA-Z0-9äßé日 .,'()_-]{1,20}$/u)
      .filter((one) => one !== '.' && one !== '..' && one.trim() !== '')
    const file = fc.record({
      name,
      content: fc.uint8Array({ maxLength: 2000 }),
      mode: fc.constantFrom(0o644, 0o600, 0o755),
    })
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(file, {
          selector: (one) => one.name.normalize('NFC').toLowerCase(),
          minLength: 1,
          maxLength: 6,
        }),
        fc.constantFrom('zip', 'tar', 'tar.gz'),
        async (files, kind) => {
          const place = `r${(round += 1)}`
          for (const one of files)
            await world.write(`${place}/in/${one.name}`, Buffer.from(one.content), { mode: one.mode })
          await world.run('archive.create', { sources: [`${place}/in`], to: `${place}/a.${kind}` })
          await world.run('archive.extract', { path: `${place}/a.${kind}`, to: `${place}/out` })
          const compared = await world.run('files.compare', { path: `${place}/in`, other: `${place}/out/in` })
          expect(compared.text).toMatch(/^identical/)
          for (const one of files)
            expect((await stat(join(world.cwd, place, 'out/in', one.name))).mode & 0o777).toBe(one.mode)
        },
      ),
      { numRuns: 40 },
    )
  })
})
