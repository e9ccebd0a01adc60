import { type Column, columns, decodedRecord, readColumns } from '../columns.ts';
import { ACCOUNT_OF_KEY, REGION_OF_KEY, type TextFormat } from '../format.ts';
import { keyLayout } from '../layout.ts';
import { splitQuoted } from '../quoted.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

interface ElbFormat {
  readonly name: string;
  readonly title: string;
  readonly service: string;
  readonly columns: readonly Column[];
  /** Columns of the oldest records. */
  readonly required: number;
  readonly timeField: string;
  readonly common: TextFormat['common'];
  readonly keys: TextFormat['keys'] & {};
  readonly subject: TextFormat['subject'];
  recognises(values: readonly string[]): boolean;
}

function elbFormat(given: ElbFormat): TextFormat {
  const { name, title, service, common, subject, keys } = given;
  return {
    name,
    title,
    logsource: { product: 'aws', service },
    common: { ...ACCOUNT_OF_KEY, ...REGION_OF_KEY, ...common },
    keys,
    subject,
    recognises: (line) => given.recognises(splitQuoted(line)),
    decoder: (source) => ({
      *line(text, offset, number) {
        if (text === '') return;
        const fields = readColumns(splitQuoted(text), given.columns, given.required);
        const time = typeof fields === 'string' ? Number.NaN : timeOf(String(fields[given.timeField]));
        if (typeof fields !== 'string' && typeof fields.request === 'string') {
          const [method, url] = fields.request.split(' ');
          if (method !== undefined && method !== '-') fields.request_method = method;
          if (url !== undefined && url !== '-') fields.request_url = url;
        }
        yield decodedRecord(name, fields, time, text, { source, offset, line: number });
      },
    }),
  };
}

/** Times of load balancers are UTC, with a Z or without. */
function timeOf(text: string): number {
  return TIME.test(text) ? Date.parse(text.endsWith('Z') ? text : `${text}Z`) : Number.NaN;
}

const isTime = (text: string | undefined): boolean => TIME.test(text ?? '');
const isEndpoint = (text: string | undefined): boolean => /:\d{1,5}$/.test(text ?? '');
/** Files of all load balancers are named alike; the id of the newer ones begins with their type. */
const FILE = '{account}_elasticloadbalancing_{region}_';
const APPLICATION = `${FILE}(?=app\\.){resource}_{time}_`;
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const CLIENT = { 'src_endpoint.ip': 'client_ip', 'src_endpoint.port': 'client_port' } as const;

/** Source: User Guide for Application Load Balancers, "Access logs for your Application Load Balancer". */
export const ALB_ACCESS = elbFormat({
  name: 'alb-access',
  title: 'Application Load Balancer access log',
  service: 'elb',
  columns: columns(`
    type time elb client:endpoint target:endpoint request_processing_time:number
    target_processing_time:number response_processing_time:number elb_status_code:integer
    target_status_code:integer received_bytes:integer sent_bytes:integer request user_agent
    ssl_cipher ssl_protocol target_group_arn trace_id domain_name chosen_cert_arn
    matched_rule_priority:integer request_creation_time actions_executed redirect_url error_reason
    target_port_list target_status_code_list classification classification_reason conn_trace_id
    transformed_host transformed_uri request_transform_status ip_address`),
  required: 17,
  timeField: 'time',
  common: {
    ...CLIENT,
    'dst_endpoint.ip': 'target_ip',
    'dst_endpoint.port': 'target_port',
    action: 'actions_executed',
    'resource.uid': 'elb',
  },
  subject: [{ type: LOAD_BALANCER, field: 'elb' }],
  keys: [keyLayout(APPLICATION)],
  recognises: ([type = '', time, , client]) =>
    /^(https?|h2|grpcs|wss?)$/.test(type) && isTime(time) && isEndpoint(client),
});

/** Source: User Guide for Application Load Balancers, "Connection logs for your Application Load Balancer". */
export const ALB_CONNECTION = elbFormat({
  name: 'alb-connection',
  title: 'Application Load Balancer connection log',
  service: 'elb-connection',
  columns: columns(`
    timestamp client_ip client_port:integer listener_port:integer tls_protocol tls_cipher
    tls_handshake_latency:number leaf_client_cert_subject leaf_client_cert_validity
    leaf_client_cert_serial_number tls_verify_status conn_trace_id tls_keyexchange elb ip_address`),
  required: 11,
  timeField: 'timestamp',
  common: {
    ...CLIENT,
    'dst_endpoint.port': 'listener_port',
    action: 'tls_verify_status',
    // Most records do not have it: then the file's name tells it.
    'resource.uid': 'elb',
  },
  subject: [{ type: LOAD_BALANCER, field: 'elb' }],
  keys: [keyLayout(`conn_log[._]${APPLICATION}`)],
  recognises: ([time, client = '', port = '', listener = '']) =>
    isTime(time) && /[.:]/.test(client) && /^\d+$/.test(port) && /^\d+$/.test(listener),
});

/** Source: User Guide for Classic Load Balancers, "Access logs for your Classic Load Balancer". */
export const CLB_ACCESS = elbFormat({
  name: 'clb-access',
  title: 'Classic Load Balancer access log',
  service: 'elb-classic',
  columns: columns(`
    time elb client:endpoint backend:endpoint request_processing_time:number
    backend_processing_time:number response_processing_time:number elb_status_code:integer
    backend_status_code:integer received_bytes:integer sent_bytes:integer request user_agent
    ssl_cipher ssl_protocol`),
  required: 12,
  timeField: 'time',
  common: {
    ...CLIENT,
    'dst_endpoint.ip': 'backend_ip',
    'dst_endpoint.port': 'backend_port',
    action: 'request_method',
    'resource.uid': 'elb',
  },
  subject: [{ type: 'AWS::ElasticLoadBalancing::LoadBalancer', field: 'elb' }],
  keys: [keyLayout(`${FILE}(?!app\\.|net\\.|gwy\\.){resource}_{time}_`)],
  recognises: ([time, , client, backend]) =>
    isTime(time) && isEndpoint(client) && (isEndpoint(backend) || backend === '-'),
});

/** Source: User Guide for Network Load Balancers, "Access logs for your Network Load Balancer". */
export const NLB_ACCESS = elbFormat({
  name: 'nlb-access',
  title: 'Network Load Balancer access log',
  service: 'elb-network',
  columns: columns(`
    type version time elb listener client:endpoint destination:endpoint connection_time:integer
    tls_handshake_time:integer received_bytes:integer sent_bytes:integer incoming_tls_alert
    chosen_cert_arn chosen_cert_serial tls_cipher tls_protocol_version tls_named_group domain_name
    alpn_fe_protocol alpn_be_protocol alpn_client_preference_list tls_connection_creation_time`),
  required: 18,
  timeField: 'time',
  common: {
    ...CLIENT,
    'dst_endpoint.ip': 'destination_ip',
    'dst_endpoint.port': 'destination_port',
    action: 'incoming_tls_alert',
    'resource.uid': 'elb',
  },
  subject: [{ type: LOAD_BALANCER, field: 'elb' }],
  keys: [keyLayout(`${FILE}(?=net\\.){resource}_{time}_`)],
  recognises: ([type, , time, , , client]) => type === 'tls' && isTime(time) && isEndpoint(client),
});
