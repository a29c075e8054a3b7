/** One field in which something is found by typing: Enter or Tab takes the first that fits, and the focus goes on. */
import { Loader, Popover, Text, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { focusNext } from './focus.js';
import style from './log.module.css';

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly more?: string | undefined;
  /** Makes something new: never taken by a quick Enter while the search still runs. */
  readonly isNew?: true;
}

interface Props {
  readonly label: ReactNode;
  readonly ariaLabel?: string;
  readonly placeholder?: string;
  /** What is chosen now, as it is shown. */
  readonly chosen: string;
  readonly options: readonly Option[];
  readonly onType: (typed: string) => void;
  readonly onPick: (option: Option) => void;
  readonly onClear?: () => void;
  /** The options do not fit what is typed yet. */
  readonly isSearching?: boolean;
  /** A key that is pressed in the empty field. @returns whether it did something. */
  readonly onKey?: (key: string) => boolean;
  readonly error?: ReactNode;
  readonly description?: ReactNode;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  /** Stays in the field after a choice, for the next one. */
  readonly keeps?: boolean;
  readonly nothing?: string;
}

export function Suggest({ label, ariaLabel, placeholder, chosen, options, onType, onPick, onClear, isSearching = false, onKey, error, description, required, autoFocus, keeps = false, nothing }: Props) {
  const { t } = useTranslation('log');
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  /** Null: nobody types, and what is chosen is shown. */
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  /** Enter came before the search had ended. */
  const [isWanted, setWanted] = useState(false);
  const active = Math.min(at, options.length - 1);
  const isShown = isOpen && (options.length > 0 || (nothing !== undefined && (typed ?? '').trim() !== '' && !isSearching));

  const type = (value: string): void => {
    setTyped(value);
    setAt(0);
    setWanted(false);
    onType(value);
  };
  const pick = (option: Option): void => {
    setOpen(false);
    setWanted(false);
    setTyped(keeps ? '' : null);
    onType('');
    onPick(option);
    if (!keeps) focusNext(input.current);
  };
  useEffect(() => {
    if (!isWanted || isSearching) return;
    setWanted(false);
    const first = options.find(({ isNew }) => isNew !== true);
    if (first !== undefined) pick(first);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once the search has ended
  }, [isWanted, isSearching]);
  useEffect(() => {
    if (isShown) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [isShown, active, id]);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyped = typed !== null && typed.trim() !== '';
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault();
        setOpen(true);
        if (isOpen && options.length > 0) setAt((active + (event.key === 'ArrowDown' ? 1 : options.length - 1)) % options.length);
        return;
      }
      case 'Enter':
      case 'Tab': {
        if (event.shiftKey || !isOpen || (event.key === 'Tab' && !isTyped)) return;
        if (isSearching && isTyped) {
          event.preventDefault();
          setWanted(true);
          return;
        }
        const option = options[active];
        if (option === undefined || (!isTyped && event.key === 'Enter' && at === 0 && chosen !== '')) return;
        event.preventDefault();
        pick(option);
        return;
      }
      case 'Escape':
        if (!isOpen) return;
        // The dialog around it stays.
        event.preventDefault();
        event.stopPropagation();
        setOpen(false);
        return;
      default:
        if (isTyped || onKey?.(event.key) !== true) return;
        event.preventDefault();
        setOpen(false);
        focusNext(input.current);
    }
  };
  return (
    <Popover opened={isShown} width="target" position="bottom-start" trapFocus={false} returnFocus={false} withinPortal={false} shadow="md" middlewares={{ shift: false, flip: true }}>
      <Popover.Target>
        <TextInput
          ref={input}
          label={label}
          aria-label={ariaLabel}
          placeholder={placeholder}
          value={typed ?? chosen}
          onChange={(event) => { setOpen(true); type(event.currentTarget.value); }}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            // An emptied field is an emptied choice; half a name is none.
            if (typed !== null && typed.trim() === '' && chosen !== '') onClear?.();
            setTyped(null);
            onType('');
          }}
          onKeyDown={onKeyDown}
          error={error}
          description={description}
          required={required === true}
          withAsterisk={false}
          autoComplete="off"
          data-autofocus={autoFocus === true ? true : undefined}
          data-mantine-stop-propagation={isShown || undefined}
          role="combobox"
          aria-haspopup="listbox"
          aria-expanded={isShown}
          aria-controls={isShown ? `${id}-list` : undefined}
          aria-activedescendant={isShown && options.length > 0 ? `${id}-${active}` : undefined}
          rightSection={isSearching && (typed ?? '') !== '' ? <Loader size={14} /> : undefined}
        />
      </Popover.Target>
      {/* The field says what the arrows reach; the popover is no dialog. */}
      <Popover.Dropdown p={4} role="presentation" aria-labelledby={undefined}>
        {options.length === 0 ? <Text size="sm" c="dimmed" p={6}>{nothing}</Text> : (
          <div role="listbox" id={`${id}-list`} aria-label={t('suggestions')} className={style['list']}>
            {options.map((option, index) => (
              <div key={option.value} id={`${id}-${index}`} role="option" aria-selected={index === active} className={style['option']} onMouseDown={(event) => event.preventDefault()} onMouseMove={() => setAt(index)} onClick={() => pick(option)}>
                <span>{option.label}</span>
                {option.more !== undefined && <Text component="span" size="xs" c="dimmed">{option.more}</Text>}
              </div>
            ))}
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
