import type { AwsClients } from '../src/aws/clients.ts';

/** Where a process dies: at which call to AWS, counted from 1, and on which side of its effect. */
export interface Kill {
  readonly call: number;
  readonly side: 'before' | 'after';
  /** Set when the process came as far as that call. */
  reached?: boolean;
}

export const KILLED = 'the process was killed';

/** The same clients, in a process that dies at one call; pages of a listing are one call. */
export function killable(aws: AwsClients, kill: Kill): AwsClients {
  let calls = 0;
  const die = (side: Kill['side']): void => {
    if (calls !== kill.call) return;
    kill.reached = true;
    if (side === kill.side) throw new Error(KILLED);
  };
  const watched = <Client extends object>(client: Client): Client =>
    new Proxy(client, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]): unknown => {
          calls++;
          die('before');
          const answer: unknown = member.apply(target, parameters);
          if (!(answer instanceof Promise)) return answer;
          // Also where AWS said no: the process dies all the same.
          return answer.finally(() => die('after'));
        };
      },
    });
  return {
    ...aws,
    ec2: watched(aws.ec2),
    ec2Once: watched(aws.ec2Once),
    use: async (service) => watched(await aws.use(service)),
    once: async (service) => watched(await aws.once(service)),
  };
}
