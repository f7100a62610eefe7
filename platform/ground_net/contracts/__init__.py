"""Technology contracts from the accepted proposal on: signing, cash, registration (认定登记), delivery, rewards, follow-up."""
