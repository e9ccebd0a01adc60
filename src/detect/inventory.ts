import type { Subject } from '../model/subject.ts';

/** What is known of a network interface. */
export interface InterfaceFacts {
  readonly interfaceId: string;
  readonly account: string;
  /** Absent for an interface that is on no instance (a load balancer, a NAT gateway). */
  readonly instanceId?: string;
  /** Its own addresses. */
  readonly addresses: ReadonlySet<string>;
  /** Whether its security groups let `peer` in on a port (protocol: IANA number). */
  acceptsFrom(protocol: number, port: number, peer: string): boolean;
}

/** Tells whose an interface is. */
export interface Inventory {
  /** Learns of interfaces, so that {@link find} knows them. */
  prefetch(interfaceIds: Iterable<string>): Promise<void>;
  find(interfaceId: string): InterfaceFacts | undefined;
  /** Set when {@link find} never knows any: nobody needs to ask. */
  readonly knowsNothing?: true;
}

/** Knows nothing: for replay without an account. */
export const NO_INVENTORY: Inventory = {
  prefetch: async () => {},
  find: () => undefined,
  knowsNothing: true,
};

/**
 * Remembers whose a part was. Records of an interface arrive minutes after its instance is gone,
 * when AWS no longer says whose it was: they still belong to the instance.
 */
export interface Owners {
  prefetch(parts: readonly Subject[]): Promise<void>;
  find(part: Subject): Subject | undefined;
}

export const NO_OWNERS: Owners = { prefetch: async () => {}, find: () => undefined };
