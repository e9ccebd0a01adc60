import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  GetConsoleOutputCommand,
  ModifyInstanceAttributeCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { simulatedClock } from './clock.ts';
import { flowLogRecords } from './flow-log.ts';
import { createHoneypot } from './honeypot.ts';
import { type Range, startRange } from './range.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function range(options: Parameters<typeof startRange>[0] = {}): Promise<Range> {
  const started = await startRange(options);
  open.push(started);
  return started;
}

function clientConfig({ endpoint }: Range) {
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'x' };
  return { endpoint, region: 'us-east-1', credentials };
}

function ec2(world: Range, maxAttempts = 1): EC2Client {
  const client = new EC2Client({ ...clientConfig(world), maxAttempts });
  open.push({ close: () => client.destroy() });
  return client;
}

describe('the simulated account, through the real SDK', () => {
  it('says who is calling', async () => {
    const world = await range({ accountId: '210987654321' });
    const sts = new STSClient({ ...clientConfig(world) });
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    expect({ Account, Arn }).toEqual({
      Account: '210987654321',
      Arn: 'arn:aws:iam::210987654321:user/cordon',
    });
  });

  it('runs instances once for a client token, and refuses the token with other parameters', async () => {
    const world = await range();
    createHoneypot(world.account);
    const client = ec2(world);
    const run = (MaxCount: number) =>
      client.send(new RunInstancesCommand({ MinCount: 1, MaxCount, ClientToken: 'once' }));
    const first = await run(2);
    const second = await run(2);
    expect(second.Instances?.map(({ InstanceId }) => InstanceId)).toEqual(
      first.Instances?.map(({ InstanceId }) => InstanceId),
    );
    expect(world.account.instances.size).toBe(3);
    await expect(run(1)).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
  });

  it('pages', async () => {
    const world = await range();
    createHoneypot(world.account);
    const client = ec2(world);
    await client.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 22 }));
    const pages: number[] = [];
    for await (const page of paginateDescribeInstances({ client, pageSize: 10 }, {}))
      pages.push(page.Reservations?.length ?? 0);
    expect(pages).toEqual([10, 10, 3]);
  });

  it('filters', async () => {
    const world = await range();
    const honeypot = createHoneypot(world.account);
    const other = createHoneypot(world.account, { address: '10.20.0.8', name: 'other' });
    const client = ec2(world);
    const find = async (Name: string, Value: string) => {
      const { Reservations } = await client.send(
        new DescribeInstancesCommand({ Filters: [{ Name, Values: [Value] }] }),
      );
      return Reservations?.flatMap(({ Instances }) => Instances?.map(({ InstanceId }) => InstanceId));
    };
    expect(await find('private-ip-address', '10.20.0.7')).toEqual([honeypot.instanceId]);
    expect(await find('network-interface.network-interface-id', other.interfaceId)).toEqual([
      other.instanceId,
    ]);
    expect(await find('instance-id', other.instanceId)).toEqual([other.instanceId]);
    expect(await find('tag:Name', 'other')).toEqual([other.instanceId]);
    await expect(find('colour', 'red')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('answers errors as AWS does', async () => {
    const world = await range();
    const client = ec2(world);
    const describeOne = (id: string) => client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    await expect(describeOne('i-0123456789abcdef0')).rejects.toMatchObject({
      name: 'InvalidInstanceID.NotFound',
      message: "The instance ID 'i-0123456789abcdef0' does not exist",
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    });
    await expect(describeOne('nonsense')).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' });
    const { instanceId } = createHoneypot(world.account);
    await expect(
      client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId], DryRun: true })),
    ).rejects.toMatchObject({ name: 'DryRunOperation' });
    expect(world.account.instances.get(instanceId)?.ending).toBeUndefined();
  });

  it('takes snapshots in time, and lets one err on demand', async () => {
    const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
    const world = await range({ clock });
    const { instanceId, volumeIds } = createHoneypot(world.account);
    const client = ec2(world);
    world.account.failingVolumes.add(volumeIds[1] ?? '');
    const { Snapshots } = await client.send(
      new CreateSnapshotsCommand({
        InstanceSpecification: { InstanceId: instanceId },
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'cordon:case', Value: 'c' }] }],
      }),
    );
    expect(Snapshots?.map(({ State }) => State)).toEqual(['pending', 'pending']);
    const states = async () => {
      const Filters = [{ Name: 'tag:cordon:case', Values: ['c'] }];
      const answer = await client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }));
      return answer.Snapshots?.map(({ State, Progress }) => `${State} ${Progress}`);
    };
    clock.advance(45_000);
    expect(await states()).toEqual(['pending 50%', 'pending 50%']);
    clock.advance(45_000);
    expect(await states()).toEqual(['completed 100%', 'error 60%']);
    const single = await client.send(new CreateSnapshotCommand({ VolumeId: volumeIds[0] }));
    expect(single.VolumeId).toBe(volumeIds[0]);
  });

  it('terminates in time, and takes the volumes that go with the instance', async () => {
    const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
    const world = await range({ clock });
    const { instanceId, interfaceId, volumeIds } = createHoneypot(world.account);
    const client = ec2(world);
    const { TerminatingInstances } = await client.send(
      new TerminateInstancesCommand({ InstanceIds: [instanceId] }),
    );
    expect(TerminatingInstances?.[0]).toMatchObject({
      PreviousState: { Name: 'running' },
      CurrentState: { Name: 'shutting-down' },
    });
    clock.advance(30_000);
    const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('terminated');
    await expect(
      client.send(new DescribeVolumesCommand({ VolumeIds: [...volumeIds] })),
    ).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
    expect(world.account.networkInterfaces.has(interfaceId)).toBe(false);
  });

  it('protects from termination when told to', async () => {
    const world = await range();
    const { instanceId } = createHoneypot(world.account);
    const client = ec2(world);
    await client.send(
      new ModifyInstanceAttributeCommand({ InstanceId: instanceId, DisableApiTermination: { Value: true } }),
    );
    await expect(
      client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] })),
    ).rejects.toMatchObject({ name: 'OperationNotPermitted' });
  });

  it('has security groups with unique names, and rules that are there once', async () => {
    const world = await range();
    const { vpcId } = createHoneypot(world.account);
    const client = ec2(world);
    const create = () =>
      client.send(new CreateSecurityGroupCommand({ GroupName: 'g', Description: 'd', VpcId: vpcId }));
    const { GroupId } = await create();
    await expect(create()).rejects.toMatchObject({ name: 'InvalidGroup.Duplicate' });
    const open22 = () =>
      client.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          ],
        }),
      );
    await open22();
    await expect(open22()).rejects.toMatchObject({ name: 'InvalidPermission.Duplicate' });
    const { SecurityGroups } = await client.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] }),
    );
    expect(SecurityGroups?.[0]).toMatchObject({
      IpPermissions: [{ FromPort: 22 }],
      IpPermissionsEgress: [{ IpProtocol: '-1' }],
    });
  });

  it('carries any text through its XML', async () => {
    const world = await range();
    const { instanceId } = createHoneypot(world.account);
    const client = ec2(world);
    // XML 1.0 has no place for other control characters, lone surrogates and U+FFFE, U+FFFF.
    const text = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .filter((one) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(one));
    await fc.assert(
      fc.asyncProperty(text, async (Value) => {
        await client.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: 'k', Value }] }));
        const { Reservations } = await client.send(
          new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
        );
        expect(Reservations?.[0]?.Instances?.[0]?.Tags?.find(({ Key }) => Key === 'k')?.Value).toBe(Value);
      }),
      { numRuns: 40, examples: [['<&>"\''], [']]>'], ['  two  spaces  ']] },
    );
  });
});

describe('a planned fault', () => {
  it.each([
    ['throttle', 'RequestLimitExceeded', 503],
    ['internal-error', 'InternalError', 500],
    ['unauthorized', 'UnauthorizedOperation', 403],
  ] as const)('%s is answered as %s', async (kind, name, httpStatusCode) => {
    const world = await range();
    world.faults.add({ operation: 'DescribeInstances', fault: { kind } });
    const client = ec2(world);
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode },
    });
    await client.send(new DescribeInstancesCommand({}));
  });

  it.each([
    ['drop-before', false],
    ['drop-after', true],
  ] as const)('%s breaks the connection; the call had its effect: %s', async (kind, effect) => {
    const world = await range();
    const { instanceId } = createHoneypot(world.account);
    world.faults.add({ operation: 'TerminateInstances', fault: { kind } });
    const call = ec2(world).send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    await expect(call).rejects.toThrow();
    expect(world.account.instances.get(instanceId)?.ending !== undefined).toBe(effect);
  });

  it('slow and hang make a client that waits no longer give up', async () => {
    const world = await range();
    const { instanceId } = createHoneypot(world.account);
    world.faults.add({ operation: 'GetConsoleOutput', fault: { kind: 'slow', ms: 30 } });
    world.faults.add({ operation: 'GetConsoleOutput', fault: { kind: 'hang' } });
    const client = ec2(world);
    const begun = performance.now();
    await client.send(new GetConsoleOutputCommand({ InstanceId: instanceId }));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(29);
    const abortSignal = AbortSignal.timeout(50);
    await expect(
      client.send(new GetConsoleOutputCommand({ InstanceId: instanceId }), { abortSignal }),
    ).rejects.toThrow();
  });

  it('is in the record of calls, with the input', async () => {
    const world = await range();
    world.faults.add({ operation: '*', fault: { kind: 'throttle' }, skip: 1, times: 2 });
    const client = ec2(world);
    for (let call = 0; call < 4; call++)
      await client.send(new DescribeInstancesCommand({ MaxResults: 5 })).catch(() => {});
    expect(world.calls.map(({ status }) => status)).toEqual([200, 503, 503, 200]);
    expect(world.calls[0]).toMatchObject({
      service: 'ec2',
      operation: 'DescribeInstances',
      input: { MaxResults: 5 },
    });
  });
});

describe('bad requests', () => {
  it.each([
    ['', 400],
    ['Action=Nonsense&Version=2016-11-15', 400],
    ['Action=constructor&Version=2016-11-15', 400],
    ['Action=DescribeInstances&Version=2016-11-15&MaxResults=many', 400],
    ['%%%', 400],
  ])('%s is refused', async (body, status) => {
    const world = await range();
    const answer = await fetch(world.endpoint, { method: 'POST', body });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain('<Code>');
  });

  it('any bytes are answered', async () => {
    const world = await range();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const answer = await fetch(world.endpoint, { method: 'POST', body: bytes });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        await answer.text();
      }),
      { numRuns: 40 },
    );
  });
});

describe('traffic', () => {
  it('is judged by the security groups as they are now', async () => {
    const world = await range();
    const { interfaceId } = createHoneypot(world.account);
    const actions = (openedBy: 'self' | 'peer', ownPort: number, peerPort: number) =>
      flowLogRecords(world.account, { interfaceId, openedBy, ownPort, peer: '192.0.2.1', peerPort }).map(
        (record) => record.split(' ').slice(3, 13).join(' '),
      );
    expect(actions('peer', 22, 50_000)).toEqual(
      [/^192\.0\.2\.1 .*ACCEPT$/, /^10\.20\.0\.7 .*ACCEPT$/].map((one) => expect.stringMatching(one)),
    );
    expect(actions('peer', 23, 50_000)).toEqual([expect.stringMatching(/^192\.0\.2\.1 .*REJECT$/)]);
    expect(actions('self', 50_000, 4444)).toEqual([expect.stringMatching(/^10\.20\.0\.7 .*REJECT$/)]);
  });
});
