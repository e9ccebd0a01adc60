import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { ACCOUNT } from '../../test/touches.ts';
import { approvalSchema } from '../config/approval.ts';
import { matchesArn, matchesGlob } from '../model/glob.ts';
import { approvalOf, reactionTo } from './approval.ts';
import type { Principal } from './principal.ts';

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const settings = (given: z.input<typeof approvalSchema> = {}) => approvalSchema.parse(given);
const somebody = (more: Partial<Principal>): Principal => ({
  kind: 'role',
  arn: role('Developer'),
  name: 'Developer',
  chain: [],
  ...more,
});
const verdict = (principal: Partial<Principal>, given: z.input<typeof approvalSchema> = {}) =>
  approvalOf(somebody(principal), settings(given)).verdict;
const CFN = { kind: 'service', name: 'cloudformation.amazonaws.com' } as const;

describe('without settings', () => {
  it('CloudFormation, the door and services by themselves are approved', () => {
    expect(verdict({ kind: 'cloudformation' })).toBe('approved');
    expect(verdict({ kind: 'door' })).toBe('approved');
    expect(verdict({ kind: 'service', arn: '' })).toBe('approved');
  });

  it('Cordon’s own changes are its own', () => {
    expect(verdict({ kind: 'cordon' })).toBe('own');
  });

  it('nobody else is', () => {
    for (const kind of ['person', 'role', 'root', 'account'] as const)
      expect(verdict({ kind })).toBe('unapproved');
  });

  it('it is said why not', () => {
    const why = (principal: Partial<Principal>) => approvalOf(somebody(principal), settings()).why;
    expect(why({})).toBe(`${role('Developer')} is not listed, and it went round CloudFormation`);
    expect(why({ kind: 'root' })).toBe('the root user did it');
    expect(why({ kind: 'account', arn: '', name: '999999999999' })).toBe(
      'somebody of the account 999999999999 did it',
    );
  });
});

describe('sources', () => {
  it('are only the ones that are listed', () => {
    expect(verdict({ kind: 'cloudformation' }, { sources: ['door'] })).toBe('unapproved');
    expect(verdict({ kind: 'service' }, { sources: ['door'] })).toBe('unapproved');
    expect(verdict({ kind: 'door' }, { sources: [] })).toBe('unapproved');
  });

  it('a stack of the door is one of CloudFormation too, and the door’s own role is not', () => {
    expect(verdict({ kind: 'door', chain: [CFN] }, { sources: ['cloudformation'] })).toBe('approved');
    expect(verdict({ kind: 'door' }, { sources: ['cloudformation'] })).toBe('unapproved');
  });

  it('CloudFormation may be asked for the role that it acts with', () => {
    const given = { stackRoles: ['arn:aws:iam::*:role/deploy-*'] };
    expect(verdict({ kind: 'cloudformation', arn: role('deploy-web') }, given)).toBe('approved');
    expect(verdict({ kind: 'cloudformation', arn: role('Developer') }, given)).toBe('unapproved');
    expect(verdict({ kind: 'cloudformation', arn: '' }, given)).toBe('unapproved');
  });
});

describe('listed principals', () => {
  const given = {
    principals: ['arn:aws:iam::*:role/deploy-*', { arn: role('terraform'), session: 'pipeline-*' }],
  };

  it('are approved by the ARN of their role', () => {
    expect(verdict({ arn: role('deploy-web') }, given)).toBe('approved');
    expect(verdict({ arn: role('redeploy-web') }, given)).toBe('unapproved');
  });

  it('are not approved by the name of a session', () => {
    expect(verdict({ session: 'deploy-web' }, given)).toBe('unapproved');
    expect(verdict({ session: role('deploy-web') }, given)).toBe('unapproved');
    expect(verdict({ session: 'pipeline-1' }, given)).toBe('unapproved');
  });

  it('with a session need both', () => {
    expect(verdict({ arn: role('terraform'), session: 'pipeline-1' }, given)).toBe('approved');
    expect(verdict({ arn: role('terraform'), session: 'alice' }, given)).toBe('unapproved');
    expect(verdict({ arn: role('terraform') }, given)).toBe('unapproved');
  });

  it('are not somebody whose name or chain says so', () => {
    expect(verdict({ kind: 'person', arn: '', name: role('deploy-web') }, given)).toBe('unapproved');
    expect(verdict({ chain: [{ kind: 'source-identity', name: role('deploy-web') }] }, given)).toBe(
      'unapproved',
    );
    expect(verdict({ arn: `arn:aws:iam::${ACCOUNT}:user/x:role/deploy-web` }, given)).toBe('unapproved');
  });
});

describe('break glass', () => {
  const given = { breakGlass: ['arn:aws:iam::*:role/break-glass', `arn:aws:iam::${ACCOUNT}:root`] };

  it('is told from what is approved', () => {
    expect(verdict({ arn: role('break-glass') }, given)).toBe('break-glass');
    expect(verdict({ kind: 'root', arn: `arn:aws:iam::${ACCOUNT}:root` }, given)).toBe('break-glass');
  });

  it('is loud through CloudFormation too', () => {
    expect(verdict({ kind: 'cloudformation', arn: role('break-glass') }, given)).toBe('break-glass');
  });

  it('is loud where the same role is listed', () => {
    expect(verdict({ arn: role('break-glass') }, { ...given, principals: [role('break-*')] })).toBe(
      'break-glass',
    );
  });
});

describe('what is done with a change that is not approved', () => {
  const given = settings({
    unapproved: {
      all: { mode: 'ignore' },
      managedStacks: { mode: 'approve', playbook: 'roll-back' },
      tagged: [
        { tag: 'env', value: 'prod', mode: 'enforce', playbook: 'roll-back' },
        { tag: 'sandbox', mode: 'ignore' },
      ],
    },
  });
  const tag = (key: string, value: string) => [{ key, value }];

  it('is what is said of all, of managed stacks and of tags', () => {
    expect(reactionTo({ tags: [] }, given)).toMatchObject({ mode: 'ignore' });
    expect(reactionTo({ stack: 'shop', tags: [] }, given)).toEqual({
      mode: 'approve',
      playbook: 'roll-back',
      because: 'the stack shop manages it',
    });
    expect(reactionTo({ stack: 'shop', tags: tag('env', 'prod') }, given)).toMatchObject({
      mode: 'enforce',
      because: 'it is tagged env=prod',
    });
    expect(reactionTo({ tags: tag('env', 'test') }, given)).toMatchObject({ mode: 'ignore' });
  });

  it('is not made weaker by a tag, which whoever changed the resource may have put on it', () => {
    expect(reactionTo({ stack: 'shop', tags: tag('sandbox', '') }, given)).toMatchObject({ mode: 'approve' });
  });

  it('is only observed without settings', () => {
    expect(reactionTo({ stack: 'shop', tags: [] }, settings())).toMatchObject({ mode: 'observe' });
  });
});

describe('settings', () => {
  it('of the documentation are good', () => {
    const text = readFileSync(new URL('../../docs/approval.md', import.meta.url), 'utf8');
    const example = /```yaml\n(.*?)```/s.exec(text)?.[1] ?? '';
    const { approval } = parse(example) as { approval: unknown };
    expect(approvalSchema.parse(approval).stackRoles).toEqual(['arn:aws:iam::*:role/deploy-*']);
  });

  it.each([
    [{ principals: ['*'] }],
    [{ principals: ['arn:aws:iam::*:role/*'] }],
    [{ principals: ['arn:aws:iam::*:*'] }],
    [{ principals: ['deploy'] }],
    [{ principals: [`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/x`] }],
    [{ principals: [`arn:aws:iam::${ACCOUNT}:root`] }],
    [{ principals: [{ arn: role('x'), sesion: 'y' }] }],
    [{ roles: { cordon: ['arn:aws:iam::*:role/cordon'] } }],
    [{ stackRoles: [`arn:aws:iam::${ACCOUNT}:user/bob`] }],
    [{ sources: ['terraform'] }],
    [{ unapproved: { all: { mode: 'record' } } }],
  ])('that would approve everybody or nobody are refused: %j', (given) => {
    expect(approvalSchema.safeParse(given).success).toBe(false);
  });
});

describe('a pattern', () => {
  it('matches as IAM’s ArnLike, each part by itself', () => {
    expect(matchesArn(role('a/deploy'), 'arn:aws:iam::*:role/*deploy')).toBe(true);
    expect(matchesArn('arn:aws:iam::1:x:role/deploy', 'arn:aws:iam::*:role/deploy')).toBe(false);
    expect(matchesArn('arn:aws:iam::1', 'arn:aws:iam::*')).toBe(false);
    expect(matchesArn(role('deploy'), 'arn:aws:iam::*:role/Deploy')).toBe(false);
  });

  it('of a text is the text, and stars are what is left out of it', () => {
    const text = fc.string({ maxLength: 40, size: 'max' }).map((one) => one.replace(/[*?]/g, '_'));
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(matchesGlob(a + b + c, a + b + c)).toBe(true);
        expect(matchesGlob(a + b + c, `${a}*${c}`)).toBe(true);
        expect(matchesGlob(a + b + c, `*${b}*`)).toBe(true);
        expect(matchesGlob(`${a}x`, a)).toBe(false);
        expect(matchesGlob(`${a}x`, `${a}?`)).toBe(true);
      }),
    );
  });

  it('of many stars takes no long time', () => {
    expect(matchesGlob('a'.repeat(20_000), `${'*a'.repeat(30)}b`)).toBe(false);
  });
});
