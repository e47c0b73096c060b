/**
 * What bun's own licence file (LICENSE.md in its repository) names as linked into it or embedded, by licence as it is
 * named there: the standalone binaries hold all of it.
 */
export const bunParts = {
  'LGPL-2.0': ['JavaScriptCore and WebKit'],
  'LGPL-2.1': ['tinycc'],
  MIT: [
    ...['brotli', 'c-ares', 'libdeflate', 'libuv', 'ls-hpack', 'ls-qpack', 'mimalloc', 'uucode'],
    ...[
      'acorn',
      'acorn-walk',
      'assert',
      'browserify-zlib',
      'buffer',
      'constants-browserify',
      'crypto-browserify',
    ],
    ...[
      'domain-browser',
      'events',
      'https-browserify',
      'os-browserify',
      'path-browserify',
      'process',
      'punycode',
    ],
    ...['querystring-es3', 'stream-browserify', 'stream-http', 'string_decoder', 'timers-browserify'],
    ...['tty-browserify', 'url', 'util', 'vm-browserify'],
  ],
  'MIT, parts BSD-3-Clause': ['lsquic'],
  'MIT or Perl': ['picohttpparser'],
  'Apache-2.0': ['highway', 'simdutf', 'uSockets', 'uWebSockets', 'input and output of TigerBeetle'],
  'Apache-2.0 with the LLVM exception': ['libc++abi of LLVM'],
  'BSD-2-Clause': ['libbase64', 'libspng'],
  'BSD-3-Clause': ['libwebp', 'lol-html'],
  'BSD-3-Clause, IJG and zlib': ['libjpeg-turbo'],
  'BSD or GPL-2.0': ['zstd'],
  zlib: ['zlib-ng'],
  'the licence of ICU': ['ICU'],
  'several licences': ['BoringSSL', 'libarchive'],
};
