import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { existsSync } from 'node:fs'
import os from 'node:os'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Json } from '../../../../modules/operator/contract.ts'
import { unpackLz4 } from '../../../../modules/operator/osd/actions/system/lz4.ts'
import { readAddress } from '../../../../modules/operator/osd/actions/system/network.ts'
import { parseApk, parseDpkg } from '../../../../modules/operator/osd/actions/system/package-databases.ts'
import { looksSecret } from '../../../../modules/operator/osd/actions/system/person.ts'
import { createWorld } from './world.ts'

const ask = async (name: string, args: { readonly [name: string]: Json } = {}) => createWorld().run(name, args)

/** a process with a name of its own that listens on a port. */
async function startProbe(title: string): Promise<{ child: ChildProcess; port: number }> {
  const source = `process.title='${title}';require('net').createServer().listen(0,'127.0.0.1',function(){console.log(this.address().port)})`
  // the title is written over the arguments: there must be room for it.
  const child = spawn(process.execPath, ['-e', source, '--', 'x'.repeat(40)], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const port = await new Promise<number>((resolve) =>
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(String(chunk)))),
  )
  return { child, port }
}

describe('system.memory, load, uptime, cpu and os', () => {
  it('gives what the kernel says, in words and in numbers', async () => {
    const { text, data } = await ask('system.memory', { part: 'total' })
    expect(text).toBe(
      `this machine has ${(os.totalmem() / 1024 ** 3).toFixed(1)} GiB (${os.totalmem()} bytes) of memory`,
    )
    expect(Number(data['used']) + Number(data['free'])).toBe(os.totalmem())
    expect((await ask('system.memory', { part: 'swap' })).text).toMatch(/swap/)
    expect((await ask('system.load')).text).toMatch(/^load average \d+\.\d\d, \d+\.\d\d, \d+\.\d\d /)
    expect((await ask('system.uptime')).text).toMatch(/^up .* since \d{4}-\d\d-\d\d \d\d:\d\d$/)
    expect((await ask('system.cpu', { part: 'count' })).text).toContain(String(os.availableParallelism()))
    expect((await ask('system.os', { part: 'kernel' })).text).toBe(`Linux ${os.release()}`)
    expect((await ask('system.os', { part: 'hostname' })).text).toBe(os.hostname())
  })

  it('names the user and the folder', async () => {
    const world = createWorld()
    expect((await world.run('system.user', {})).text).toMatch(
      new RegExp(`^${os.userInfo().username} \\(uid ${os.userInfo().uid}\\)`),
    )
    expect((await world.run('system.folder', {})).text).toBe(world.cwd)
  })
})

describe('system.processes', () => {
  it('answers in one line whether something runs, with its number', async () => {
    const { child } = await startProbe('tidewatch')
    const one = async (args: { readonly [name: string]: Json }) => (await ask('system.processes', args)).text
    expect(await one({ name: 'tidewatch', answer: 'running' })).toBe(`yes, tidewatch is running (pid ${child.pid})`)
    expect(await one({ name: 'tidewatch', answer: 'pid' })).toBe(`the pid of tidewatch is ${child.pid}`)
    expect(await one({ name: 'tidewatch', answer: 'count' })).toBe('1 process named tidewatch running')
    expect(await one({ name: 'zzbarnacle', answer: 'running' })).toBe(
      'no, there is no process named zzbarnacle running',
    )
    expect(await one({ pid: child.pid ?? 0 })).toMatch(new RegExp(`^pid ${child.pid} is tidewatch, `))
  })

  it('lists the largest with pid, cpu, memory and name', async () => {
    const { text, data } = await ask('system.processes', { sort: 'memory', limit: 3 })
    expect(text.split('\n')[0]).toMatch(/^ *pid +cpu % +memory +name$/)
    expect(text.split('\n')).toHaveLength(4)
    const processes = data['processes'] as { memory: number }[]
    expect(processes.map(({ memory }) => memory)).toEqual(
      processes.map(({ memory }) => memory).toSorted((a, b) => b - a),
    )
  })

  it('sees who uses the processor right now', async () => {
    const busy = spawn(process.execPath, ['-e', "process.title='busybee-probe';for(;;);", '--', 'x'.repeat(40)], {
      stdio: 'ignore',
    })
    onTestFinished(() => void busy.kill('SIGKILL'))
    const look = async () => {
      const { data } = await ask('system.processes', { sort: 'cpu', limit: 200 })
      return (data['processes'] as { pid: number; cpu_percent: number }[]).find(({ pid }) => pid === busy.pid)
    }
    // a busy machine gives it little at first.
    await expect.poll(async () => (await look())?.cpu_percent ?? 0, { timeout: 15_000 }).toBeGreaterThan(1)
  })

  it('leaves out the threads of the kernel', async () => {
    const { text } = await ask('system.processes', { sort: 'name', limit: 1000 })
    expect(text).not.toMatch(/kthreadd|ksoftirqd/)
  })
})

describe('system.ports', () => {
  it('names the process behind a port, by number and by name', async () => {
    const { child, port } = await startProbe(`gull-${process.pid}`)
    const { text, data } = await ask('system.ports', { port })
    expect(text).toBe(`port ${port} is in use by gull-${process.pid} (pid ${child.pid}): tcp 127.0.0.1:${port}`)
    expect(data).toMatchObject({ port, pid: child.pid })
    expect((await ask('system.ports', { process: `gull-${process.pid}` })).text).toBe(
      `tcp 127.0.0.1:${port}  gull-${process.pid} (pid ${child.pid})`,
    )
    expect((await ask('system.ports')).text).toContain(`127.0.0.1:${port}`)
  })

  it('says that nothing listens', async () => {
    const server = createServer().listen(0)
    const port = await new Promise<number>((resolve) => {
      server.once('listening', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    await new Promise((resolve) => server.close(resolve))
    expect((await ask('system.ports', { port })).text).toBe(`nothing is listening on port ${port}`)
    expect((await ask('system.ports', { process: 'zzbarnacle' })).text).toBe('zzbarnacle is not listening on any port')
  })

  it('reads addresses as the kernel writes them', () => {
    expect(readAddress('0100007F')).toBe('127.0.0.1')
    expect(readAddress('00000000000000000000000001000000')).toBe('[::1]')
    expect(readAddress('0000000000000000FFFF00000100007F')).toBe('127.0.0.1')
  })
})

describe('system.addresses', () => {
  it('gives the addresses that others can reach', async () => {
    const expected = Object.values(os.networkInterfaces()).flatMap((list) =>
      (list ?? []).filter(({ internal }) => !internal),
    )
    const { text, data } = await ask('system.addresses')
    expect(data['count']).toBe(expected.length)
    for (const { address } of expected) expect(text).toContain(address)
  })
})

describe('system.environment', () => {
  it('shows a variable, says what is not set, and hides what looks secret', async () => {
    const world = createWorld()
    const environment = new Map([
      ['EDITOR', 'quillpad'],
      ['EMPTY', ''],
      ['OPENAI_API_KEY', 'sk-1234'],
      ['DATABASE_URL', 'postgres://ines:hunter2@db.example.org/garden'],
    ])
    const show = async (name?: string) =>
      (await world.run('system.environment', name === undefined ? {} : { name }, { environment })).text
    expect(await show('EDITOR')).toBe('EDITOR=quillpad')
    expect(await show('$EDITOR')).toBe('EDITOR=quillpad')
    expect(await show('EMPTY')).toBe('the environment variable EMPTY is set, but empty')
    expect(await show('NOPE')).toBe('the environment variable NOPE is not set')
    expect(await show('OPENAI_API_KEY')).toMatch(/^OPENAI_API_KEY=•••••• \(hidden/)
    expect(await show('DATABASE_URL')).toBe('DATABASE_URL=postgres://ines:••••••@db.example.org/garden')
    const all = await show()
    expect(all).toContain('OPENAI_API_KEY=••••••')
    expect(all).not.toMatch(/sk-1234|hunter2/)
  })

  it('knows the names of secrets from others', () => {
    const secret = [
      'AWS_SECRET_ACCESS_KEY',
      'GITHUB_TOKEN',
      'PGPASSWORD',
      'MYSQL_PWD',
      'SSH_AUTH_SOCK',
      'apiKey',
      'PRIVATE_PEM',
      'DB_PASS',
    ]
    const open = [
      'PATH',
      'HOME',
      'PWD',
      'OLDPWD',
      'KEYBOARD_LAYOUT',
      'AUTHOR',
      'PASSENGER',
      'HARBOUR_ZONE',
      'LANG',
      'XDG_RUNTIME_DIR',
    ]
    expect(secret.filter((name) => !looksSecret(name))).toEqual([])
    expect(open.filter(looksSecret)).toEqual([])
  })
})

describe('system.packages', () => {
  it('agrees with dpkg', async () => {
    const listed = execFileSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package} ${Version}\n'], {
      encoding: 'utf8',
    })
    const installed = listed.split('\n').filter((line) => line.startsWith('installed '))
    expect((await ask('system.packages', { answer: 'count' })).data['count']).toBe(installed.length)
    const version = installed.find((line) => line.startsWith('installed bash '))?.split(' ')[2]
    expect((await ask('system.packages', { name: 'bash' })).text).toBe(`yes, bash is installed (version ${version})`)
    expect((await ask('system.packages', { name: 'bash', answer: 'version' })).text).toBe(`bash ${version}`)
    expect((await ask('system.packages', { name: 'zzbarnacle' })).text).toBe('no, zzbarnacle is not installed')
  })

  it('reads the databases of dpkg and apk', () => {
    const dpkg =
      'Package: a\nStatus: install ok installed\nVersion: 1.0\nDescription: first\n more\n\nPackage: b\nStatus: deinstall ok config-files\nVersion: 2\n'
    expect(parseDpkg(dpkg)).toEqual([{ name: 'a', version: '1.0', summary: 'first' }])
    expect(parseApk('C:Q1\nP:musl\nV:1.2.5-r0\nT:the C library\n\n')).toEqual([
      { name: 'musl', version: '1.2.5-r0', summary: 'the C library' },
    ])
  })

  it('finds packages that can be installed', async () => {
    const { text, data } = await ask('system.packages', { name: 'redis-server', answer: 'search' })
    expect(text.split('\n')[0]).toMatch(/^redis-server /)
    expect((data['packages'] as { name: string }[])[0]?.name).toBe('redis-server')
  })

  it.skipIf(!existsSync('/usr/bin/lz4'))('unpacks LZ4 frames as lz4 packs them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('abc', 'Package: ', '\n', 'x'.repeat(300)), { maxLength: 3000 }),
        fc.constantFrom('-BD', '-BI'),
        (parts, blocks) => {
          const input = Buffer.from(parts.join(''))
          const frame = execFileSync('/usr/bin/lz4', ['-c', '-B4', blocks], {
            input,
            stdio: ['pipe', 'pipe', 'ignore'],
          })
          expect(Buffer.concat([...unpackLz4(frame)]).equals(input)).toBe(true)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('ends with an error for damaged LZ4', () => {
    const frame = Buffer.from('04224d18604070df0500000010610100ff', 'hex')
    for (const bytes of [frame, frame.subarray(0, 12), Buffer.from('nonsense')]) {
      expect(() => [...unpackLz4(bytes)]).toThrow('damaged')
    }
  })
})

describe('system.services', () => {
  it('tells what is running here', async () => {
    const { text, data } = await ask('system.services')
    expect(data['manager']).toMatch(/^(systemd|none)$/)
    expect(text.length).toBeGreaterThan(0)
    expect((await ask('system.services', { name: 'zzbarnacle' })).text).toMatch(
      /^there is no service named zzbarnacle here/,
    )
  })
})

describe('disk.*', () => {
  it('adds up the sizes of files', async () => {
    const world = createWorld()
    await world.write('videos/holiday.mp4', Buffer.alloc(3_145_728))
    await world.write('videos/.hidden/x', Buffer.alloc(1000))
    await world.write('music/song.mp3', Buffer.alloc(5000))
    await world.write('tiny.txt', 'hello there')
    expect((await world.run('disk.usage', { path: 'videos' })).text).toBe('videos/: 3.1 MB (3146728 bytes) in 2 files')
    expect((await world.run('disk.usage', {})).text).toBe('this folder: 3.2 MB (3151739 bytes) in 4 files')
    expect((await world.run('disk.usage', { path: 'tiny.txt' })).text).toBe('tiny.txt: 11 bytes')
    expect((await world.run('disk.folders', {})).text).toBe('videos/  3.1 MB\nmusic/   5.0 KB')
    expect((await world.run('disk.folders', { limit: 1 })).text).toBe('videos/  3.1 MB (3146728 bytes)')
    expect((await world.run('disk.folders', { root: 'music' })).text).toBe('there are no folders in music/')
  })

  it('agrees with df', async () => {
    const world = createWorld()
    await world.write('x', 'x')
    const { data, text } = await world.run('disk.free', {})
    const [total, used, free] =
      execFileSync('df', ['-B1', '--output=size,used,avail', world.cwd], { encoding: 'utf8' })
        .split('\n')[1]
        ?.trim()
        .split(/\s+/)
        .map(Number) ?? []
    expect(data['total']).toBe(total)
    expect(Math.abs(Number(data['free']) - (free ?? 0))).toBeLessThan(50_000_000)
    expect(Math.abs(Number(data['used']) - (used ?? 0))).toBeLessThan(50_000_000)
    expect(text).toMatch(/ free of .* on the disk of this folder \(\/.*\), \d+% used/)
  })
})

it('refuses arguments that it does not know', async () => {
  await expect(ask('system.load', { shell: 'rm -rf /' })).rejects.toThrow('Unrecognized key')
})
