import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, callOf, trailRecord } from '../../test/touches.ts';
import type { Json } from '../model/json.ts';
import { principalOf } from './principal.ts';

const CORDON = `arn:aws:iam::${ACCOUNT}:role/cordon`;
const DOOR = `arn:aws:iam::${ACCOUNT}:role/cordon-door`;
const DEPLOY = `arn:aws:iam::${ACCOUNT}:role/cordon-deploy`;
const KNOWN = { cordon: [CORDON], door: [DOOR], deploy: [DEPLOY] };
const CFN = 'cloudformation.amazonaws.com';
type Members = { readonly [member: string]: Json };

const recordOf = (userIdentity: Json, more: Members = {}) =>
  trailRecord('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', { groupId: 'sg-1' }, null, {
    userIdentity,
    ...more,
  });
const principal = (userIdentity: Json, more: Members = {}) =>
  principalOf(callOf(recordOf(userIdentity, more)), KNOWN);

const assumed = (role: string, session: string, more: Members = {}, context: Members = {}): Members => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${session}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLE',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      arn: role,
      accountId: ACCOUNT,
      userName: role.slice(role.lastIndexOf('/') + 1),
    },
    attributes: { creationDate: '2026-11-24T15:40:12Z', mfaAuthenticated: 'false' },
    ...context,
  },
  ...more,
});
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const fromStack = { sourceIPAddress: CFN, userAgent: CFN };

describe('who is behind a call', () => {
  it('is the root user', () => {
    const arn = `arn:aws:iam::${ACCOUNT}:root`;
    expect(principal({ type: 'Root', arn, accountId: ACCOUNT })).toMatchObject({
      kind: 'root',
      arn,
      name: 'root',
    });
  });

  it('is a user', () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/ops/bob`;
    expect(principal({ type: 'IAMUser', arn, accountId: ACCOUNT, userName: 'bob' })).toEqual({
      kind: 'person',
      arn,
      name: 'bob',
      chain: [{ kind: 'user', name: arn }],
      address: '203.0.113.64',
    });
  });

  it('is a role, by the ARN of the role and not of the session', () => {
    expect(principal(assumed(role('service/app'), 'i-0a1b2c3d'))).toEqual({
      kind: 'role',
      arn: role('service/app'),
      name: 'app',
      session: 'i-0a1b2c3d',
      chain: [
        { kind: 'role', name: role('service/app') },
        { kind: 'session', name: 'i-0a1b2c3d' },
      ],
      mfa: false,
      address: '203.0.113.64',
    });
  });

  it('is a role by the ARN of its session, where the record says no more', () => {
    const { sessionContext: _, ...bare } = assumed(role('app'), 'x');
    expect(principal(bare)).toMatchObject({ kind: 'role', arn: role('app'), name: 'app', session: 'x' });
  });

  it('is a person with a role of Identity Center, or with a second factor', () => {
    const reserved = role('aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef');
    expect(principal(assumed(reserved, 'alice@example.com'))).toMatchObject({
      kind: 'person',
      session: 'alice@example.com',
    });
    const mfa = { attributes: { mfaAuthenticated: 'true' } };
    expect(principal(assumed(role('Developer'), 'alice', {}, mfa))).toMatchObject({
      kind: 'person',
      mfa: true,
    });
  });

  it('has the identity provider and the source identity in its chain', () => {
    const context = {
      sourceIdentity: 'alice@example.com',
      webIdFederationData: {
        federatedProvider: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
        attributes: {},
      },
    };
    expect(principal(assumed(role('github'), 'run-1', {}, context)).chain.map(({ kind }) => kind)).toEqual([
      'source-identity',
      'provider',
      'role',
      'session',
    ]);
  });

  it('is the user that asked for the token of a federated one', () => {
    const issuer = { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/bob`, userName: 'bob' };
    const arn = `arn:aws:sts::${ACCOUNT}:federated-user/console`;
    const federated = {
      type: 'FederatedUser',
      arn,
      accountId: ACCOUNT,
      sessionContext: { sessionIssuer: issuer },
    };
    expect(principal(federated)).toMatchObject({
      kind: 'person',
      arn: issuer.arn,
      name: 'bob',
      session: 'console',
    });
    const ofRoot = {
      ...federated,
      sessionContext: { sessionIssuer: { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` } },
    };
    expect(principal(ofRoot)).toMatchObject({ kind: 'root', name: 'root' });
  });

  it('is somebody of Identity Center, of another account, or unknown', () => {
    expect(
      principal({ type: 'IdentityCenterUser', accountId: ACCOUNT, onBehalfOf: { userId: 'u-1' } }),
    ).toMatchObject({ kind: 'person', name: 'u-1' });
    expect(principal({ type: 'SAMLUser', userName: 'alice', identityProvider: 'AES' })).toMatchObject({
      kind: 'person',
      name: 'alice',
      arn: '',
    });
    expect(principal({ type: 'AWSAccount', accountId: '999999999999', principalId: 'AIDA' })).toMatchObject({
      kind: 'account',
      name: '999999999999',
      arn: '',
    });
    expect(principal({})).toMatchObject({ kind: 'account', name: 'unknown' });
    expect(principal(null)).toMatchObject({ kind: 'account', name: 'unknown' });
  });

  it('is a service that acts by itself, with its own identity or a service-linked role', () => {
    expect(principal({ type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' })).toMatchObject({
      kind: 'service',
      name: 'autoscaling.amazonaws.com',
      chain: [{ kind: 'service', name: 'autoscaling.amazonaws.com' }],
    });
    const linked = role('aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling');
    expect(principal(assumed(linked, 'AutoScaling', { invokedBy: 'autoscaling.amazonaws.com' })).kind).toBe(
      'service',
    );
  });

  it('is who asked a service to do it, and the service is in the chain', () => {
    const asked = principal(assumed(role('analyst'), 'bob', { invokedBy: 'athena.amazonaws.com' }));
    expect(asked).toMatchObject({ kind: 'role', arn: role('analyst') });
    expect(asked.chain.at(-1)).toEqual({ kind: 'service', name: 'athena.amazonaws.com' });
  });
});

describe('CloudFormation', () => {
  it('is known by who invoked, whatever the address', () => {
    const invoked = { invokedBy: CFN };
    expect(principal(assumed(role('Developer'), 'alice', invoked), fromStack)).toMatchObject({
      kind: 'cloudformation',
      arn: role('Developer'),
    });
    const internal = { sourceIPAddress: 'AWS Internal', userAgent: 'AWS Internal' };
    expect(principal(assumed(role('Developer'), 'alice', invoked), internal).kind).toBe('cloudformation');
  });

  it('is known by the address where the record does not say who invoked', () => {
    expect(principal(assumed(role('Developer'), 'alice'), fromStack).kind).toBe('cloudformation');
  });

  it('is the door with a role that deploys for it', () => {
    expect(principal(assumed(DEPLOY, 'AWSCloudFormation', { invokedBy: CFN }), fromStack).kind).toBe('door');
    expect(principal(assumed(DOOR, 'cordon-door-function')).kind).toBe('door');
  });

  it('is not in the word of the user agent', () => {
    expect(principal(assumed(role('Developer'), 'alice'), { userAgent: CFN }).kind).toBe('role');
  });

  it('is not in the name of a session, a role, a user or a source identity', () => {
    expect(principal(assumed(role('Developer'), 'AWSCloudFormation')).kind).toBe('role');
    expect(principal(assumed(role('Developer'), CFN)).kind).toBe('role');
    expect(principal(assumed(role(CFN), CFN)).kind).toBe('role');
    expect(principal(assumed(role('x'), 'y', {}, { sourceIdentity: CFN })).kind).toBe('role');
    expect(
      principal({ type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/${CFN}`, userName: CFN }).kind,
    ).toBe('person');
  });

  it('is not who another service was invoked by', () => {
    expect(principal(assumed(role('x'), 'y', { invokedBy: 'ssm.amazonaws.com' }), fromStack).kind).toBe(
      'role',
    );
  });

  it('is not a person who takes the role that deploys', () => {
    expect(principal(assumed(DEPLOY, 'AWSCloudFormation'), { userAgent: CFN }).kind).toBe('role');
  });
});

describe('Cordon', () => {
  it('is its own role, also where it goes through Cloud Control', () => {
    expect(principal(assumed(CORDON, 'cordon')).kind).toBe('cordon');
    expect(principal(assumed(CORDON, 'cordon', { invokedBy: CFN }), fromStack).kind).toBe('cordon');
  });

  it('is not a session, a user or a role of another account by that name', () => {
    expect(principal(assumed(role('x'), 'cordon')).kind).toBe('role');
    expect(principal(assumed('arn:aws:iam::999999999999:role/cordon', 'cordon')).kind).toBe('role');
    expect(principal(assumed(role('evil/cordon'), 'cordon')).kind).toBe('role');
    expect(principal({ type: 'IAMUser', arn: CORDON, userName: 'cordon' }).kind).toBe('person');
  });

  it('is not a service-linked role that somebody made in another path', () => {
    expect(principal(assumed(role('AWSServiceRoleForAutoScaling'), 'AutoScaling')).kind).toBe('role');
    expect(principal(assumed(role('x/aws-service-role/AWSServiceRoleForX'), 'X')).kind).toBe('role');
  });
});

it('whatever the identity is, somebody is behind the call', () => {
  const member = fc.oneof(fc.jsonValue(), fc.constantFrom('AssumedRole', 'IAMUser', 'Root', CFN, CORDON));
  const identity = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom('type', 'arn', 'invokedBy', 'sessionContext', 'userName', 'accessKeyId'),
      member,
    ),
  );
  fc.assert(
    fc.property(identity, (value) => {
      const found = principal(value as Json);
      expect(found.kind === 'door').toBe(false);
      if (found.kind === 'cordon') expect(found.arn).toBe(CORDON);
    }),
  );
});
