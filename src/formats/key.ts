import { CLOUDTRAIL_DIGEST } from './cloudtrail/digest-files.ts';
import type { Context } from './context.ts';
import { FORMATS } from './registry.ts';

/** Longer than any key of S3, which has 1,024 bytes at most. */
const PATH_LIMIT = 4_096;

/**
 * What the name of an object or file says of the records in it: the format and whose they are.
 * Only the end of a path is looked at, so that a folder that was downloaded is as good as the
 * bucket.
 */
export function contextOfKey(path: string): Context | undefined {
  const key = path.slice(-PATH_LIMIT).replaceAll('\\', '/');
  for (const { name, keys = [] } of [...FORMATS.values(), CLOUDTRAIL_DIGEST]) {
    for (const layout of keys) {
      const match = layout.exec(key);
      if (match === null) continue;
      const { account, region, resource } = match.groups ?? {};
      // Elastic Load Balancing writes a dot for each slash of the load balancer's id.
      const id = resource?.replace(/^(app|net)\.([^.]+)\.([^.]+)$/, '$1/$2/$3');
      return { format: name, account, region, resource: id };
    }
  }
  return undefined;
}
