"""The pure part of the policy pack: conditions, evaluation, amounts, stacking, recourse. It knows no web and no database."""
