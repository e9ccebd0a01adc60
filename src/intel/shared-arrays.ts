/** Arrays that every worker thread sees without a copy. */
export function sharedUint32(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

export function sharedUint8(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

export function toSharedUint32(values: ArrayLike<number>): Uint32Array {
  const shared = sharedUint32(values.length);
  shared.set(values);
  return shared;
}

export function toSharedUint8(values: ArrayLike<number>): Uint8Array {
  const shared = sharedUint8(values.length);
  shared.set(values);
  return shared;
}

export function toSharedFloat64(values: ArrayLike<number>): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.length * 8));
  shared.set(values);
  return shared;
}
