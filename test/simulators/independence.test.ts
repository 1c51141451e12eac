import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const ALLOWED = ['src/message.ts', 'src/errors.ts'];

describe('simulators', () => {
  const files = readdirSync(join(root, 'simulators'), { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) => relative(root, join(e.parentPath, e.name)));

  it('are judges: they import nothing of what they judge, nor what it seals with', () => {
    const imports = files.flatMap((from) =>
      [...readFileSync(join(root, from), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/gu)].map(
        ([, name = '']) => ({
          from,
          to: name.startsWith('.') ? relative(root, resolve(root, dirname(from), name)) : name,
        }),
      ),
    );
    expect(imports).to.have.length.greaterThan(40);
    const wrong = imports.filter(
      ({ to }) =>
        (/^(?:src|channels|dialogs|test|bench)\//u.test(to) && !ALLOWED.includes(to)) ||
        to === '@wecom/crypto',
    );
    expect(wrong).to.deep.equal([]);
  });

  it('do not import one another', () => {
    const wrong = files.filter((file) => {
      const own = file.split('/')[1] ?? '';
      const others = [...readFileSync(join(root, file), 'utf8').matchAll(/'\.\.\/([a-z-]+)\//gu)];
      return others.some(([, name]) => name !== own && name !== 'phone-page');
    });
    expect(wrong).to.deep.equal([]);
  });
});
