// where no module has a process of its own, nothing of processes is loaded: neither by the boot nor by a reload.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'

const project = pathToFileURL(join(import.meta.dirname, '../../../../')).href

it('is what a process that has loaded the kernel says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-loaded-'))
  try {
    const script = join(folder, 'loaded.mjs')
    writeFileSync(
      script,
      `import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
      await import('${project}nucleus/kernel.ts')
      await import('${project}nucleus/process/boot.ts')
      await import('${project}nucleus/process/configuration.ts')
      console.log(JSON.stringify(loaded))`,
    )
    const loaded = JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' })) as string[]
    expect(loaded.some((url) => url.endsWith('/nucleus/modules/lifecycle.ts'))).toBe(true)
    expect(loaded.filter((url) => /modules\/process\/|birpc|elsewhere|added-modules|contracts\.ts/.test(url))).toEqual(
      [],
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
