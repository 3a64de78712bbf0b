# One resident believed us on the telephone and paid nevertheless; another was never in doubt. The rate says 1 of 2.
Li is an operator
Wang is an operator
Chen is a supervisor
rule investment_group: investment, grooming, 60 points, half-life 14 days

10:00 an SMS from 17012345678 to 13900001111 says "老师带你稳赚"; matched investment_group
10:00 an SMS from 17012345678 to 13900002222 says "老师带你稳赚"; matched investment_group
10:01 Li claims the call of 13900001111
10:02 Li records reached, question, line cut on the call of 13900001111
10:05 Li closes the case of 13900001111 as dissuaded
10:06 Li claims the call of 13900002222
10:07 Li records reached, question, line cut on the call of 13900002222
10:09 Li closes the case of 13900002222 as dissuaded

day 5 09:00 Wang follows up 13900001111 after 24h: loss of 30000 yuan at day 3 15:00, said by police_report
then 13900001111 lost money at day 3 15:00
then the truth of 13900001111 is confirmed
day 32 09:00 Wang follows up 13900001111 after 30d: loss at day 2 12:00, said by bank
# the first loss counts
then 13900001111 lost money at day 2 12:00
09:01 Wang follows up 13900002222 after 30d: no_loss, said by resident
09:02 Chen decides that the case of 13900002222 is confirmed by peer_confirmed_by_police
then the case of 13900001111 is settled
then the case of 13900002222 is settled
then on day 33 protected_rate is 1/2
then on day 33 lost_after_warning_rate is 1/2
then on day 33 reach_rate is 2/2
