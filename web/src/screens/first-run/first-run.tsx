import { Alert, Anchor, Button, Collapse, Group, Paper, Progress, Radio, Select, Stack, Stepper, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconFileImport, IconPlayerPlay, IconSparkles } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rules } from '../../../../src/rings/rules.js';
import { statements } from '../../../../src/rings/sentences.js';
import { rulesPublishMutation, rulesRulesOptions, portfolioPortfolioOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { sampleLoad } from '../../api/generated/sdk.gen.js';
import { readLines } from '../../api/lines.js';
import { queries } from '../../api/queries.js';
import { useKey } from '../../api/use-key.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayNumber } from '../../parts/locale.js';
import { RingSign } from '../../parts/rings.js';
import { Answer, Problem, ScreenHead } from '../../parts/states.js';
import style from './first-run.module.css';
import { PRESET_NAMES, QUESTION_NAMES, QUESTIONS, recommended, type Answers, type PresetName } from './recommend.js';

/** After the first administrator was made: rules by five plain questions, then something to look at. Can be opened again at any time. */
export default function FirstRun() {
  const { t } = useTranslation('first-run');
  const [step, setStep] = useState(0);
  const rules = useQuery(rulesRulesOptions());
  const head = useRef<HTMLDivElement>(null);
  const go = (to: number): void => {
    setStep(to);
    // Who uses the keyboard goes on at the beginning of the step.
    requestAnimationFrame(() => head.current?.focus());
  };
  return (
    <div className={style['page']}>
      <ScreenHead title={t('heading')} />
      <Text c="dimmed" maw={640} mb="lg">{t('more')}</Text>
      <Stepper active={step} size="sm" mb="lg" allowNextStepsSelect={false} onStepClick={setStep} classNames={{ separator: style['separator']! }}>
        <Stepper.Step label={t('steps.rules')} />
        <Stepper.Step label={t('steps.data')} />
      </Stepper>
      <div ref={head} tabIndex={-1} className={style['step']}>
        {step === 0 ? (
          <Answer query={rules}>{({ rules: inForce, presets }) => <ChooseRules inForce={inForce} presets={presets} done={() => go(1)} />}</Answer>
        ) : <Begin />}
      </div>
    </div>
  );
}

function ChooseRules({ inForce, presets, done }: { readonly inForce: Rules; readonly presets: Readonly<Record<string, Rules>>; readonly done: () => void }) {
  const { t } = useTranslation('first-run');
  const key = useKey();
  const [answers, setAnswers] = useState<Answers>({});
  const [own, setOwn] = useState<PresetName | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const publish = useMutation(rulesPublishMutation());
  const best = recommended(answers);
  const chosen = own ?? best?.preset ?? null;
  const rules = chosen === null ? undefined : presets[chosen];
  const isInForce = chosen !== null && chosen === inForce.preset && JSON.stringify(rules) === JSON.stringify(inForce);
  const why = reason ?? (chosen === null ? '' : t('reasonGiven', { preset: t(`presets.${chosen}.name`) }));
  const errors = fieldsOf(publish.error);
  return (
    <div className={style['two']}>
      <Stack gap="lg">
        {QUESTION_NAMES.map((question, at) => (
          <Radio.Group key={question} label={<><Text span c="dimmed" fw={600}>{at + 1}. </Text>{t(`questions.${question}.asks`)}</>} value={answers[question] ?? null} onChange={(value) => setAnswers({ ...answers, [question]: value })} classNames={{ label: style['question']! }}>
            <Stack gap={8} mt="xs">
              {Object.keys(QUESTIONS[question].answers).map((answer) => <Radio key={answer} value={answer} label={t(`questions.${question}.answers.${answer}`)} />)}
            </Stack>
          </Radio.Group>
        ))}
      </Stack>
      <Paper withBorder p="md" className={style['result']} component="section" aria-label={t('result')}>
        <Stack gap="sm">
          <div role="status">
            {best === null ? <Text c="dimmed">{t('answerOne')}</Text> : <Text size="sm">{t('fits', { preset: t(`presets.${best.preset}.name`), fits: best.fits, answered: best.answered, count: best.answered })}</Text>}
          </div>
          <Select label={t('rules')} description={chosen === null ? t('rulesMore') : t(`presets.${chosen}.says`)} placeholder={t('choose')} data={PRESET_NAMES.map((value) => ({ value, label: t(`presets.${value}.name`) }))} value={chosen} onChange={(value) => setOwn(value)} allowDeselect={false} />
          {rules !== undefined && <Sentences rules={rules} />}
          {chosen !== null && !isInForce && <TextInput label={t('reason')} description={t('reasonMore')} value={why} onChange={(event) => setReason(event.currentTarget.value)} error={errors['reason']} />}
          <Failed error={publish.error} named={['reason']} />
          <Group gap="xs">
            {isInForce || chosen === null ? (
              <Button onClick={done} variant={chosen === null ? 'default' : 'filled'}>{chosen === null ? t('later') : t('keep')}</Button>
            ) : (
              <>
                <Button loading={publish.isPending} onClick={() => publish.mutate({ body: { rules: rules as never, reason: why.trim() }, headers: key.headers }, { onSuccess: () => { key.renew(); done(); } })}>{t('publish')}</Button>
                <Button variant="default" onClick={done}>{t('later')}</Button>
              </>
            )}
          </Group>
          <Text size="xs" c="dimmed">{isInForce ? t('inForce') : t('changeLater')}</Text>
        </Stack>
      </Paper>
    </div>
  );
}

function Sentences({ rules }: { readonly rules: Rules }) {
  const { t } = useTranslation('first-run');
  const [all, setAll] = useState(false);
  const [rings, ours] = [statements(rules).slice(0, 5), statements(rules).slice(5)];
  return (
    <div>
      <dl className={style['sentences']}>
        {rings.map(({ about, says }) => <div key={about}><dt><RingSign state="lit" /> {about}</dt><dd>{all ? says : says.split('. ')[0]!.replace(/\.?$/, '.')}</dd></div>)}
      </dl>
      <Collapse expanded={all}><dl className={style['sentences']}>{ours.map(({ about, says }) => <div key={about}><dt>{about}</dt><dd>{says}</dd></div>)}</dl></Collapse>
      <Button variant="subtle" size="compact-sm" mt={4} aria-expanded={all} onClick={() => setAll(!all)}>{all ? t('less') : t('everySentence')}</Button>
    </div>
  );
}

interface Loaded {
  readonly colleagues: number;
  readonly customers: number;
  readonly entries: number;
}

/** Load the sample, import, or start with nothing. */
function Begin() {
  const { t } = useTranslation('first-run');
  const navigate = useNavigate();
  const [progress, setProgress] = useState<{ readonly done: number; readonly of: number } | null>(null);
  const customers = useQuery(portfolioPortfolioOptions({ query: { limit: 1 } }));
  const load = useMutation({
    mutationFn: async () => {
      setProgress({ done: 0, of: 1 });
      const { data } = await sampleLoad({ body: {}, parseAs: 'stream', throwOnError: true });
      return readLines<{ done: number; of: number }, Loaded>(data as unknown as ReadableStream<Uint8Array>, setProgress);
    },
    onSettled: () => {
      setProgress(null);
      return queries.invalidateQueries();
    },
  });
  const goOn = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (load.isSuccess) goOn.current?.focus();
  }, [load.isSuccess]);
  const total = customers.data?.total ?? 0;
  if (load.isSuccess) {
    const { customers: many, entries, colleagues } = load.data;
    return (
      <Alert role="status" variant="outline" color="water" title={t('loaded')}>
        <Text size="sm" mb="sm">{t('loadedMore', { customers: sayNumber(many), entries: sayNumber(entries), colleagues: sayNumber(colleagues) })}</Text>
        <Button component={Link} to="/" ref={goOn}>{t('look')}</Button>
      </Alert>
    );
  }
  return (
    <Stack gap="md">
      {total > 0 && !load.isPending && <Text>{t('alreadyThere', { count: total, shown: sayNumber(total) })}</Text>}
      {load.isError && <Problem error={load.error} />}
      {progress !== null && (
        <div role="status" aria-label={t('loading')}>
          <Progress value={(100 * progress.done) / progress.of} aria-label={t('loading')} />
          <Text size="sm" mt={4}>{t('loadingMore', { done: sayNumber(progress.done), of: sayNumber(progress.of) })}</Text>
        </div>
      )}
      <div className={style['ways']}>
        {total === 0 && <Way icon={<IconSparkles aria-hidden />} title={t('sample.title')} says={t('sample.says')}><Button loading={load.isPending} onClick={() => load.mutate()}>{t('sample.go')}</Button></Way>}
        <Way icon={<IconFileImport aria-hidden />} title={t('import.title')} says={t('import.says')}><Button component={Link} to="/import" variant="default" disabled={load.isPending}>{t('import.go')}</Button></Way>
        <Way icon={<IconPlayerPlay aria-hidden />} title={t('empty.title')} says={t('empty.says')}><Button variant="default" disabled={load.isPending} onClick={() => void navigate({ to: '/' })}>{t('empty.go')}</Button></Way>
      </div>
      <Text size="sm" c="dimmed">{t('colleagues')} <Anchor component={Link} to="/administration" size="sm" underline="always">{t('toColleagues')}</Anchor></Text>
    </Stack>
  );
}

function Way({ icon, title, says, children }: { readonly icon: ReactNode; readonly title: string; readonly says: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" className={style['way']}>
      <span className={style['icon']}>{icon}</span>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" className={style['says']}>{says}</Text>
      <div>{children}</div>
    </Paper>
  );
}
