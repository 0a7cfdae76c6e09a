/** Every element-wise update rule by name. */
import { adam, adamax, amsgrad, lion, nadam } from './adam.js';
import {
  adadelta,
  adagrad,
  rmsprop,
  rmspropCentered,
  rmspropCenteredMomentum,
  rmspropMomentum,
} from './adaptive.js';
import { add, average } from './average.js';
import type { UpdateRule } from './rule.js';
import { sgd, sgdMomentum } from './sgd.js';

export const updateRules = {
  sgd,
  sgdMomentum,
  adam,
  amsgrad,
  nadam,
  adamax,
  lion,
  adagrad,
  adadelta,
  rmsprop,
  rmspropCentered,
  rmspropMomentum,
  rmspropCenteredMomentum,
  average,
  add,
};

export type RuleName = keyof typeof updateRules;
type RuleOf<Name extends RuleName> = (typeof updateRules)[Name];
export type SlotOf<Name extends RuleName> = RuleOf<Name>['slots'][number];
/** Values of a rule's scalars. */
export type Scalars<Name extends RuleName> = Record<RuleOf<Name>['scalars'][number], number>;

/** The rule where its name is not known before it runs. */
export const ruleNamed = (name: RuleName): UpdateRule => updateRules[name] as unknown as UpdateRule;
