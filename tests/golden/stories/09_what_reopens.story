# After a dissuasion the same evidence does not reopen the case; a new peer or a later stage does, another type is another
# case.
Li is an operator
rule loan_fee: loan, hook, 55 points, half-life 30 days
rule loan_transfer: loan, transfer, 30 points, half-life 30 days
rule brushing_task: brushing, hook, 60 points, half-life 30 days

10:00 an SMS from 17012345678 to 13900001111 says "贷款解冻费"; matched loan_fee
10:01 Li claims the next task
10:02 Li records reached, question, line cut on the call of 13900001111
10:03 Li closes the case of 13900001111 as dissuaded
then the case of 13900001111 is following_up

day 3 09:00 an SMS from 17012345678 to 13900001111 says "贷款解冻费"; matched loan_fee
then the case of 13900001111 is following_up
then the case of 13900001111 was reopened 0 times

day 4 09:00 an SMS from 17012340000 to 13900001111 says "贷款解冻费"; matched loan_fee
then the case of 13900001111 is open
then the case of 13900001111 was reopened 1 time
then the call of 13900001111 is waiting
then the follow_up 7d of 13900001111 is cancelled
# what was done before counts no more: the resident has to be reached again
09:05 Li closes the case of 13900001111 as dissuaded
refused: needs the resident in person
09:06 Li claims the next task
09:07 Li records reached, called_back, line cut on the call of 13900001111
09:08 Li closes the case of 13900001111 as dissuaded
then the case of 13900001111 is following_up

day 5 10:00 a call from 17012345678 to 13900001111; matched loan_transfer
then the case of 13900001111 was reopened 2 times
then the case of 13900001111 is open
then 13900001111 has 1 case

10:30 an SMS from 15500000000 to 13900001111 says "刷单日结"; matched brushing_task
then 13900001111 has 2 cases
then the case of 13900001111 has 60 points: brushing_task 60
then the case of 13900001111 was reopened 0 times
