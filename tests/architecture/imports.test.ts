import { describe, expect, it } from 'vitest'
import { findImports } from '../../scripts/architecture/imports.ts'
import { scan } from '../../scripts/architecture/scanner.ts'
import { findingsFor } from './planted.ts'

const specifiers = (source: string): readonly (string | undefined)[] =>
  findImports(scan(source)).map(({ specifier }) => specifier)

describe('finding imports', () => {
  it('finds every way to write one', () => {
    const source = [
      `import 'effect'`,
      `import one from 'default'`,
      `import type { Two } from 'types'`,
      `import {`,
      `  three,`,
      `} from "lines"`,
      `import * as four from 'star'`,
      `export * from 'all'`,
      `export { five } from 'named'`,
      `export type { Six } from 'exported-types'`,
      `const seven = await import('dynamic')`,
      `type Eight = import('in-a-type').Eight`,
      `const nine = \`\${await import('in-a-template')}\``,
      `const ten = await import(computed)`,
      `const eleven = require('required')`,
    ].join('\n')
    expect(specifiers(source)).toEqual([
      'effect',
      'default',
      'types',
      'lines',
      'star',
      'all',
      'named',
      'exported-types',
      'dynamic',
      'in-a-type',
      'in-a-template',
      undefined,
      'required',
    ])
  })

  it('is not misled by text that looks like one', () => {
    const source = [
      `// import 'comment'`,
      `/* import 'block' */`,
      `const text = "import 'string'"`,
      'const template = `import "template"`',
      `const pattern = /import 'pattern'/`,
      `interface Memory { import(file: string): void; from: 'x' }`,
      `memory.import(file)`,
      `export const from = 'own'`,
      `const here = import.meta.dirname`,
    ].join('\n')
    expect(specifiers(source)).toEqual([])
  })

  it('tells a division from a regular expression', () => {
    expect(specifiers(`const half = total / 2; const x = a / b\nimport 'after'`)).toEqual(['after'])
    expect(specifiers(`const quoted = text.replace(/['"\`/]/g, '')\nimport 'after'`)).toEqual(['after'])
  })

  it('knows the line', () => {
    expect(findImports(scan('const a = `\n\n`\nimport "x"'))).toEqual([{ specifier: 'x', line: 4 }])
  })
})

describe('who may import whom', () => {
  it('lets the kernel import no module', () => {
    expect(findingsFor({ 'nucleus/loader.ts': `import '../modules/memory/contract.ts'` })).toEqual([
      'nucleus/loader.ts:1 the kernel imports ../modules/memory/contract.ts',
    ])
  })

  it('lets a module import another one by its contract only', () => {
    expect(
      findingsFor({
        'modules/reasoning/module.ts': [
          `import { x } from '../memory/contract.ts'`,
          `import { y } from '../memory/tiers/session.ts'`,
          `import { z } from './planner/plan.ts'`,
          `import { w } from '../../nucleus/errors.ts'`,
          `import { v } from '../../scripts/lotus.ts'`,
          `import { readFile } from 'node:fs/promises'`,
        ].join('\n'),
      }),
    ).toEqual([
      'modules/reasoning/module.ts:2 a module imports ../memory/tiers/session.ts',
      'modules/reasoning/module.ts:5 a module imports ../../scripts/lotus.ts',
    ])
  })

  it('sees through a query and a detour', () => {
    expect(findingsFor({ 'modules/a/deep/x.ts': `const x = await import('./../../b/inside.ts?v=1')` })).toEqual([
      'modules/a/deep/x.ts:1 a module imports ./../../b/inside.ts?v=1',
    ])
  })

  it('refuses a path that a module computes', () => {
    expect(findingsFor({ 'modules/a/x.ts': `const x = await import(name)` })).toEqual([
      'modules/a/x.ts:1 a module imports a path that is computed',
    ])
  })

  it('refuses packages that package.json does not list, and those for development in what runs', () => {
    const row = (name: string): string => `| \`${name}\` | | | |`
    expect(
      findingsFor({
        'package.json': JSON.stringify({ dependencies: { zod: '4' }, devDependencies: { vitest: '5' } }),
        'docs/dependencies.md': [row('zod'), row('vitest')].join('\n'),
        'nucleus/a.ts': `import 'zod/v4'\nimport 'vitest'\nimport '@some/thing/part'\nimport 'fs'`,
        'tests/a.test.ts': `import 'vitest/node'`,
      }),
    ).toEqual([
      'nucleus/a.ts:2 imports the package vitest, which package.json does not list under dependencies',
      'nucleus/a.ts:3 imports the package @some/thing, which package.json does not list',
      'nucleus/a.ts:4 imports fs',
    ])
  })
})
