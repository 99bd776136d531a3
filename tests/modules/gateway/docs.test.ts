// /docs: a page that loads nothing from elsewhere, and an OpenAPI document of exactly the routes that there are.
import { describe, expect, it } from 'vitest'
import { startHouse } from './house.ts'

interface Operation {
  readonly summary?: string
  readonly security?: readonly unknown[]
  readonly responses: Record<string, unknown>
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: unknown }[]
  readonly requestBody?: unknown
}

interface Document {
  readonly openapi: string
  readonly info: { version: string }
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { schemas: Record<string, unknown>; securitySchemes: unknown }
  readonly security: unknown
}

async function readDocument(): Promise<Document> {
  const { url } = await startHouse()
  return (await (await fetch(`${url}/docs/json`)).json()) as Document
}

describe('the OpenAPI document', () => {
  it('has every endpoint with a sentence, its answers and what it needs', async () => {
    const document = await readDocument()
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
    )
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '0.1.0' }, security: [{ token: [] }] })
    expect(operations.filter(({ operation }) => (operation.summary ?? '') === '')).toEqual([])
    expect(
      operations
        .filter(({ operation }) => operation.security?.length === 0)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['GET /health', 'GET /health/live', 'GET /health/ready', 'GET /metrics'])
    expect(operations.map(({ name }) => name)).toContain('POST /confirmations/{plan_id}')
    expect(operations.map(({ name }) => name)).toContain('GET /events')
  })

  it('refers only to what it defines, and names each parameter of each path', async () => {
    const document = await readDocument()
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? '',
    )
    expect(references.length).toBeGreaterThan(10)
    for (const reference of new Set(references)) {
      expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''))
    }
    for (const [path, methods] of Object.entries(document.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const operation of Object.values(methods)) {
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path')
        expect(declared.map(({ name }) => name)).toEqual(named)
        expect(declared.every(({ required }) => required === true)).toBe(true)
        expect(Object.keys(operation.responses).length).toBeGreaterThan(0)
      }
    }
  })

  it('says what a goal looks like', async () => {
    const { paths } = await readDocument()
    expect(JSON.stringify(paths['/goals']?.['post']?.requestBody)).toContain('"time_zone"')
    expect(JSON.stringify(paths['/chat']?.['post']?.requestBody)).toContain('"include_skills"')
  })
})

describe('the page at /docs', () => {
  it('loads nothing from elsewhere, and may not', async () => {
    const { url } = await startHouse()
    const response = await fetch(`${url}/docs`)
    const html = await response.text()
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '')
    expect(files.length).toBeGreaterThan(3)
    const answers = await Promise.all(files.map((file) => fetch(new URL(file, `${url}/docs`))))
    expect(answers.map(({ status }) => status)).toEqual(files.map(() => 200))
  })

  it('knows no token: neither in the page nor in its scripts', async () => {
    const { url, token } = await startHouse()
    const texts = await Promise.all(
      ['/docs', '/docs/json', '/docs/static/swagger-initializer.js'].map(async (path) =>
        (await fetch(`${url}${path}`)).text(),
      ),
    )
    expect(texts.filter((text) => text.includes(token))).toEqual([])
    expect(texts[2]).toContain('"persistAuthorization":false')
  })

  it.each([
    '/docs/../../package.json',
    '/docs/static/%2e%2e/package.json',
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/nothing',
  ])('does not hand out %s', async (path) => {
    const { url } = await startHouse()
    expect((await fetch(`${url}${path}`)).ok).toBe(false)
  })
})
