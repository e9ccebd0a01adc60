import { describe, expect, it } from 'vitest';
import { decodeLines } from '../../../test/decode.ts';

const ALB =
  'https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/a?b=c HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 2018-07-02T22:22:48.364000Z "authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_123456 - - - 172.31.1.2';
const CONNECTION =
  '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 "CN=amazondomains.com,O=endEntity,L=Seattle,ST=Washington,C=US" NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF257372D5C14D4 Failed:ClientCertUntrusted TID_3180a73013c8ca4bac2f731159d4b0fe';
const CLASSIC =
  '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -';
const CLASSIC_TCP =
  '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.001069 0.000028 0.000041 - - 82 305 "- - - " "-" - -';
const NETWORK =
  'tls 2.0 2020-04-01T08:51:42 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn:aws:acm:us-east-2:671290407336:certificate/2a108f19-aded-46b0-8493-c63eb1ef4a99 - ECDHE-RSA-AES128-SHA tlsv12 - my-network-loadbalancer-c6e77e28c25b2234.elb.us-east-2.amazonaws.com h2 h2 "h2,http/1.1" 2020-04-01T08:51:20';

describe('load balancer logs', () => {
  it('of an Application Load Balancer', () => {
    expect(decodeLines(ALB).events).toMatchObject([
      {
        format: 'alb-access',
        time: Date.parse('2018-07-02T22:23:00.186Z'),
        fields: {
          client_ip: '192.168.131.39',
          client_port: 2817,
          target_ip: '10.0.0.1',
          elb_status_code: 200,
          request: 'GET https://www.example.com:443/a?b=c HTTP/1.1',
          request_method: 'GET',
          request_url: 'https://www.example.com:443/a?b=c',
          matched_rule_priority: 1,
          actions_executed: 'authenticate,forward',
          conn_trace_id: 'TID_123456',
          ip_address: '172.31.1.2',
        },
      },
    ]);
  });

  it('of its connections', () => {
    expect(decodeLines(CONNECTION).events).toMatchObject([
      {
        format: 'alb-connection',
        fields: { client_port: 36_280, listener_port: 443, tls_verify_status: 'Failed:ClientCertUntrusted' },
      },
    ]);
  });

  it.each([
    ['HTTP', CLASSIC, { backend_port: 80, request_method: 'GET', user_agent: 'curl/7.38.0' }],
    ['TCP', CLASSIC_TCP, { received_bytes: 82 }],
  ])('of a Classic Load Balancer (%s)', (_, line, fields) => {
    expect(decodeLines(line).events).toMatchObject([{ format: 'clb-access', fields }]);
  });

  it('of a Network Load Balancer', () => {
    expect(decodeLines(NETWORK).events).toMatchObject([
      {
        format: 'nlb-access',
        time: Date.parse('2020-04-01T08:51:42Z'),
        fields: {
          destination_port: 443,
          tls_cipher: 'ECDHE-RSA-AES128-SHA',
          alpn_client_preference_list: 'h2,http/1.1',
        },
      },
    ]);
  });

  it('a client may have an IPv6 address, a target may be missing, a request may hold quotes', () => {
    const line = ALB.replace('192.168.131.39:2817', '[2001:db8::1]:2817')
      .replace('10.0.0.1:80 0.086', '- 0.086')
      .replace('/a?b=c', '/a?\\"b\\" c');
    const [event] = decodeLines(line).events;
    expect(event?.fields).toMatchObject({
      client_ip: '2001:db8::1',
      request: 'GET https://www.example.com:443/a?"b" c HTTP/1.1',
    });
    expect(event?.fields).not.toHaveProperty('target_ip');
  });

  it.each([
    ['half a line', ALB.slice(0, 150)],
    ['a port that is none', ALB.replace(':2817', ':281700')],
  ])('%s is kept aside', (_, line) => {
    expect(decodeLines(`${ALB}\n${line}\n${ALB}`)).toMatchObject({
      events: [{}, {}],
      badRecords: [{ origin: { line: 2 } }],
    });
  });
});
