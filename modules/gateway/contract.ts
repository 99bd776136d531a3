// the gateway's public face is HTTP, described by docs/reference/endpoints.md; to other modules it offers nothing.
export {}
