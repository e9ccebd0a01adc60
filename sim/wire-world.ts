import type { Fault } from '../src/range/faults.ts';
import { checkArrived, checkArriving, checkSent } from './call-checks.ts';
import type { Random } from './random.ts';
import type { WireWorld } from './wire.ts';
import type { World } from './world.ts';

/** What the network and AWS do to the calls of a world. */
export function wireWorld(world: World): WireWorld {
  const { range, scheduler, http, now, chance } = world;
  return {
    range,
    scheduler,
    http,
    now,
    faultOf: () => (!world.calm && chance.chance(world.faultRate) ? newFault(chance) : undefined),
    latency: () =>
      world.calm || chance.chance(0.95) ? chance.between(10, 300) : chance.between(1_000, 20_000),
    sent: (life, operation, body) => checkSent(world, life, operation, body),
    arriving: (call, body) => checkArriving(world, call, body),
    arrived: (call) => checkArrived(world, call),
  };
}

function newFault(chance: Random): Fault {
  return chance.weighted<Fault>([
    [3, { kind: 'throttle' }],
    [2, { kind: 'internal-error' }],
    [2, { kind: 'drop-before' }],
    [4, { kind: 'drop-after' }],
    [1, { kind: 'unauthorized' }],
  ]);
}
