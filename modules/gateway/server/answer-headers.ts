// the headers of every answer.

/** an answer is for whoever asked: it is not kept, not framed, not sniffed for scripts. */
export const answerHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}
